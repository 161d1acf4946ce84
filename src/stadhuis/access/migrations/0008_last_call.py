from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the table of how the last calls of each application went. Runs before the code."""

    locks_because = "It changes only the table that it has just made, which nobody uses yet."

    dependencies = [("access", "0007_autorisatie_catalogue_or_type")]

    operations = [
        migrations.CreateModel(
            name="LastCall",
            fields=[
                (
                    "client_id",
                    models.CharField(
                        help_text="as it was sent; empty when no client id could be read",
                        max_length=50,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, help_text="with success, to within a minute", null=True),
                ),
                (
                    "operation",
                    models.CharField(blank=True, default="", help_text="GET zaken/api/v1/zaken/{uuid}", max_length=200),
                ),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "failed_at",
                    models.DateTimeField(
                        blank=True, help_text="answered with an error, to within five seconds", null=True
                    ),
                ),
                ("failed_operation", models.CharField(blank=True, default="", max_length=200)),
                ("failed_status", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "failed_code",
                    models.CharField(blank=True, default="", help_text="of the error in the answer", max_length=100),
                ),
                (
                    "refused_at",
                    models.DateTimeField(blank=True, help_text="when a token was last refused", null=True),
                ),
                ("refused_code", models.CharField(blank=True, default="", max_length=100)),
                (
                    "refused_age",
                    models.BigIntegerField(
                        blank=True, help_text="seconds since iat; negative is the future", null=True
                    ),
                ),
            ],
        ),
        migrations.RunSQL("ALTER TABLE access_lastcall SET UNLOGGED", "ALTER TABLE access_lastcall SET LOGGED"),
    ]
