import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop the index of work by unit that also holds what is closed. Runs before the code; the code before does without it too."""

    atomic = False

    dependencies = [
        ('casework', '0004_work_open_guarded'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'DROP INDEX CONCURRENTLY IF EXISTS casework_workitem_unit_id_42a973c9',
                    'CREATE INDEX CONCURRENTLY IF NOT EXISTS casework_workitem_unit_id_42a973c9 ON casework_workitem (unit_id)',
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='workitem',
                    name='unit',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit'),
                ),
            ],
        ),
    ]
