import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """How long what belongs to no zaak is kept."""

    dependencies = [
        ('documenten', '0002_nummer'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bewaring',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='documenten.document')),
                ('selectielijstklasse', models.CharField(max_length=1000)),
                ('archiefnominatie', models.CharField(max_length=20)),
                ('archiefactietermijn', models.CharField(blank=True, default='', help_text='ISO 8601 duration', max_length=40)),
            ],
        ),
    ]
