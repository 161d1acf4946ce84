"""The table of assessments. Runs before the code."""

import uuid

from django.db import migrations, models

# An assessment is evidence: it is never changed, only added, or destroyed with its case.
REFUSE_CHANGES = """
CREATE FUNCTION schemes_assessment_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an assessment is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER schemes_assessment_is_final BEFORE UPDATE ON schemes_assessment
    FOR EACH ROW EXECUTE FUNCTION schemes_assessment_is_final();
"""
ALLOW_CHANGES = """
DROP TRIGGER schemes_assessment_is_final ON schemes_assessment;
DROP FUNCTION schemes_assessment_is_final();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("zaak_uuid", models.UUIDField(help_text="the case; a value, so that this room needs no register")),
                ("scheme", models.CharField(max_length=20)),
                ("rule_version", models.CharField(max_length=40)),
                ("inputs", models.JSONField()),
                ("outcome", models.JSONField()),
                ("assessed_at", models.DateTimeField()),
                (
                    "assessed_by",
                    models.CharField(help_text="key of who did it, such as staff:<username> or system", max_length=200),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["zaak_uuid", "-assessed_at", "-id"], name="assessment_of_zaak"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("assessed_by", ""), _negated=True), name="assessment_has_an_author"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule_version", ""), _negated=True), name="assessment_has_a_version"
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE_CHANGES, ALLOW_CHANGES),
    ]
