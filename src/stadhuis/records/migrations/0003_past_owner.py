import django.db.models.deletion
from django.db import migrations, models

FOLLOW = """
CREATE FUNCTION records_keep_past_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO records_pastowner (record_id, owner_unit, until) VALUES (OLD.id, OLD.owner_unit, NEW.changed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER records_keep_past_owner AFTER UPDATE OF owner_unit ON records_record FOR EACH ROW
    WHEN (OLD.owner_unit IS DISTINCT FROM NEW.owner_unit AND NEW.changed_at > OLD.changed_at)
    EXECUTE FUNCTION records_keep_past_owner();
"""
BEFORE = """
DROP TRIGGER records_keep_past_owner ON records_record;
DROP FUNCTION records_keep_past_owner();
"""


class Migration(migrations.Migration):
    """Keep who owned a record before. A new table and a trigger: the release before notices nothing of either."""

    dependencies = [("records", "0002_retention_ledger_and_search")]

    operations = [
        migrations.CreateModel(
            name="PastOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_unit", models.CharField(max_length=50)),
                ("until", models.DateTimeField()),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.record",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["record", "until"], name="past_owner_of_record")]},
        ),
        migrations.RunSQL(FOLLOW, BEFORE),
    ]
