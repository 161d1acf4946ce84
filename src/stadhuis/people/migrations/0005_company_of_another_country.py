import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a company be known by the number of another country (eIDAS), without a KVK number. Runs before the code.

    The release before makes no such company; it shows one without its number.
    """

    dependencies = [("people", "0004_provider_subject_encrypted")]

    operations = [
        migrations.AlterField("company", "kvk_nummer", models.CharField(max_length=8, null=True, unique=True)),
        migrations.CreateModel(
            name="CompanyMeans",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.CharField(max_length=255)),
                ("lookup", models.BinaryField(help_text="HMAC-SHA-256 of issuer and number")),
                ("cipher", models.BinaryField(help_text="the number, AES-256-GCM: to hash it anew when keys change")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.company"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("issuer", "lookup"), name="company_means_once")]
            },
        ),
    ]
