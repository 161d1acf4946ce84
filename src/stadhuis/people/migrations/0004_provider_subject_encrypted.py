from django.db import migrations, models


class Migration(migrations.Migration):
    """Add empty columns for the pseudonym of a provider, so that its keyed hash can be made anew when keys change.

    Runs before the code; each is filled at the next log-in of the one it is about.
    """

    dependencies = [("people", "0003_staff_accounts")]

    operations = [
        migrations.AddField(
            "personmeans",
            "cipher",
            models.BinaryField(null=True, help_text="the subject, AES-256-GCM: to hash it anew when keys change"),
        ),
        migrations.AddField(
            "representative",
            "cipher",
            models.BinaryField(null=True, help_text="the subject, AES-256-GCM: to hash it anew when keys change"),
        ),
        migrations.AddField(
            "staffmeans",
            "cipher",
            models.BinaryField(null=True, help_text="the subject, AES-256-GCM: to hash it anew when keys change"),
        ),
    ]
