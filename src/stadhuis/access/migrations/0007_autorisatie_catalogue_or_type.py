from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Check the constraint on the rows that were there before it. Locks out nobody."""

    dependencies = [("access", "0006_autorisatie_per_catalogue")]

    operations = [ValidateConstraint("autorisatie", "autorisatie_catalogue_or_type")]
