from django.db import migrations


class Migration(migrations.Migration):
    """Zaken get their number from a sequence: unique without a lock, gaps allowed."""

    dependencies = [("zaken", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE zaken_nummer", "DROP SEQUENCE zaken_nummer")]
