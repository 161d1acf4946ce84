"""A group at the log-in provider may ask for a privileged role, and what shortens a membership passes the four eyes.

Runs before the code: the code before it always names who asked.
"""

import django.db.models.deletion
from django.db import migrations, models

# Ending or shortening a role writes its row anew. A role that became privileged after it was given has no second person, and
# must still be ended: what replaces a row that was closed at that very moment, and gives no more, passes.
FOUR_EYES = """
CREATE OR REPLACE FUNCTION access_membership_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.given_by <> 'system' AND (SELECT r.is_privileged FROM access_role r WHERE r.id = NEW.role_id)
       AND (NEW.approved_by = '' OR NEW.approved_by = NEW.given_by
            OR NEW.approved_by = (SELECT 'staff:' || m.username FROM people_medewerker m WHERE m.id = NEW.medewerker_id))
       AND NOT EXISTS (
            SELECT 1 FROM access_membership o
             WHERE o.medewerker_id = NEW.medewerker_id AND o.role_id = NEW.role_id AND o.recorded_to = NEW.recorded_from
               AND o.given_by = NEW.given_by AND o.approved_by = NEW.approved_by AND o.valid_from <= NEW.valid_from
               AND (o.valid_to IS NULL OR (NEW.valid_to IS NOT NULL AND NEW.valid_to <= o.valid_to)))
    THEN
        RAISE EXCEPTION 'a privileged role takes a second person' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'membership_four_eyes';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION access_membership_four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.given_by <> 'system' AND (SELECT r.is_privileged FROM access_role r WHERE r.id = NEW.role_id)
       AND (NEW.approved_by = '' OR NEW.approved_by = NEW.given_by
            OR NEW.approved_by = (SELECT 'staff:' || m.username FROM people_medewerker m WHERE m.id = NEW.medewerker_id))
    THEN
        RAISE EXCEPTION 'a privileged role takes a second person' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'membership_four_eyes';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Loosen one column and replace one function: no row is touched."""

    dependencies = [
        ("people", "0001_initial"),
        ("access", "0003_secret_last_used"),
    ]

    operations = [
        migrations.AlterField(
            model_name="request",
            name="requested_by",
            field=models.ForeignKey(
                blank=True,
                help_text="empty when a group at the log-in provider asks",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.medewerker",
            ),
        ),
        migrations.RunSQL(FOUR_EYES, BEFORE),
    ]
