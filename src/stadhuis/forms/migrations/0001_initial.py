"""Tables of forms, and the trigger that keeps a published version as it is. Runs before the code."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

IMMUTABLE = """
CREATE FUNCTION forms_version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR ROW(NEW.*) IS DISTINCT FROM ROW(OLD.*)) THEN
        RAISE EXCEPTION 'form version % % is published and cannot change', OLD.slug, OLD.version USING ERRCODE = '23001';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER forms_version_is_immutable BEFORE UPDATE OR DELETE ON forms_formversion
    FOR EACH ROW EXECUTE FUNCTION forms_version_is_immutable();
"""
UNDO = """
DROP TRIGGER forms_version_is_immutable ON forms_formversion;
DROP FUNCTION forms_version_is_immutable();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("slug", models.SlugField(help_text="of the form; equal for all versions", max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("submitted", "submitted")], default="open", max_length=9
                    ),
                ),
                (
                    "answers",
                    models.JSONField(
                        default=dict, help_text="per key: right answers in their kept form, wrong ones as typed"
                    ),
                ),
                (
                    "prefilled",
                    models.JSONField(
                        default=dict,
                        help_text="per key: value, source and moment; readonly ones are never taken from a POST",
                    ),
                ),
                ("sources", models.JSONField(default=dict, help_text="per source: moment and whether it answered")),
                (
                    "step",
                    models.CharField(blank=True, default="", help_text="slug of the step reached", max_length=100),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "changes",
                    models.JSONField(default=dict, help_text="per key: revision and browser tab that last changed it"),
                ),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(help_text="an open draft is thrown away after this moment")),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("component", models.CharField(max_length=64)),
                ("file", models.UUIDField(help_text="in kit.files", unique=True)),
                ("naam", models.CharField(max_length=150)),
                ("media_type", models.CharField(max_length=255)),
                ("size", models.BigIntegerField(help_text="bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="forms.draft"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60)),
                ("version", models.PositiveIntegerField()),
                ("definition", models.JSONField()),
                ("sha256", models.CharField(help_text="of the definition, as canonical JSON", max_length=64)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("slug", "version"), name="form_version_once")],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="forms.formversion"
            ),
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("zaak_uuid", models.UUIDField(unique=True)),
                ("zaak_identificatie", models.CharField(max_length=40)),
                ("answers", models.JSONField()),
                ("prefilled", models.JSONField(default=dict)),
                (
                    "files",
                    models.JSONField(default=list, help_text="naam, size, sha256, component and document of each file"),
                ),
                ("sha256", models.CharField(help_text="of answers and file hashes, as canonical JSON", max_length=64)),
                ("language", models.CharField(default="nl", max_length=5)),
                ("submitted_at", models.DateTimeField()),
                ("receipt_uuid", models.UUIDField()),
                (
                    "summary_document",
                    models.UUIDField(blank=True, help_text="the PDF of all answers, made by a job", null=True),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.company",
                    ),
                ),
                (
                    "draft",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submission", to="forms.draft"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="forms.formversion"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(condition=models.Q(("state", "open")), fields=["expires_at"], name="draft_expiring"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("company__isnull", True), ("person__isnull", False)),
                    models.Q(("company__isnull", False), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="draft_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False), ("state", "open")),
                fields=("slug", "person"),
                name="one_open_draft_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("company__isnull", False), ("state", "open")),
                fields=("slug", "company"),
                name="one_open_draft_per_company",
            ),
        ),
        migrations.RunSQL(IMMUTABLE, UNDO),
    ]
