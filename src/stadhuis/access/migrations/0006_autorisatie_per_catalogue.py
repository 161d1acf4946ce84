from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Let a right of an application hold for every type of a catalogue. An empty column; runs before the code."""

    dependencies = [("access", "0005_barred_persons")]

    operations = [
        migrations.AddField(
            "autorisatie",
            "domein",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="of a catalogue all of whose types are meant",
                max_length=5,
            ),
        ),
        AddConstraintNotValid(
            "autorisatie",
            models.CheckConstraint(
                condition=Q(domein="") | Q(type_ref="", type_url="", all_versions=True, type_uuid__isnull=True),
                name="autorisatie_catalogue_or_type",
            ),
        ),
    ]
