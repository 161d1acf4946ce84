from django.db import migrations


class Migration(migrations.Migration):
    """Besluiten get their number from a sequence: unique without a lock, gaps allowed."""

    dependencies = [("besluiten", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE besluiten_nummer", "DROP SEQUENCE besluiten_nummer")]
