import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Add the table of barred persons and an empty column for what a secret address looks like. Runs before the code."""

    dependencies = [("access", "0004_a_group_may_ask"), ("people", "0004_provider_subject_encrypted")]

    operations = [
        migrations.AddField(
            "shield",
            "pattern",
            models.TextField(
                blank=True,
                default="",
                db_default="",
                help_text="regular expression of the address, to take it out of texts",
            ),
        ),
        migrations.CreateModel(
            name="Bar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("starts_at", models.DateTimeField()),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="first day on which it no longer holds", null=True),
                ),
                ("set_by", models.CharField(help_text="key of the actor", max_length=120)),
                ("lift_asked_by", models.CharField(blank=True, default="", max_length=120)),
                ("lift_reason", models.CharField(blank=True, default="", max_length=500)),
                ("lifted_by", models.CharField(blank=True, default="", max_length=120)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person"], name="bar_in_force", condition=Q(lifted_at__isnull=True)),
                ],
                "constraints": [
                    models.CheckConstraint(condition=~Q(reason=""), name="bar_has_a_reason"),
                    models.CheckConstraint(
                        condition=Q(lifted_at__isnull=True, lifted_by="")
                        | Q(lifted_at__isnull=False)
                        & ~Q(lifted_by="")
                        & ~Q(lift_asked_by="")
                        & ~Q(lifted_by=F("lift_asked_by")),
                        name="bar_lifted_by_two",
                    ),
                ],
            },
        ),
    ]
