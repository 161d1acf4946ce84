from django.db import migrations


class Migration(migrations.Migration):
    """Documents get their number from a sequence: unique without a lock, gaps allowed."""

    dependencies = [("documenten", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE documenten_nummer", "DROP SEQUENCE documenten_nummer")]
