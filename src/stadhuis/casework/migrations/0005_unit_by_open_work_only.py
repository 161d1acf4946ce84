import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop the index of work by unit that also holds what is closed, and keep how much of a unit is open. Runs before the code; the code before does without it too."""

    atomic = False

    dependencies = [
        ('casework', '0004_work_open_guarded'),
    ]

    operations = [
        # A unit with much closed work and none open: without this the planner thinks that open work is spread evenly.
        migrations.RunSQL(
            'CREATE STATISTICS IF NOT EXISTS work_unit_open (mcv) ON unit_id, is_open FROM casework_workitem',
            'DROP STATISTICS IF EXISTS work_unit_open',
        ),
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
