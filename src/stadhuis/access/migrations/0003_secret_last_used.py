from django.db import migrations, models


class Migration(migrations.Migration):
    """Add an empty column for when a secret was last used. Runs before the code, which fills it."""

    dependencies = [("access", "0002_four_eyes_family_glass_and_limits")]

    operations = [
        migrations.AddField(
            "clientsecret",
            "last_used_at",
            models.DateTimeField(null=True, blank=True, help_text="to within ten minutes"),
        ),
    ]
