from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let the list of what waits for approval be counted and shown by an index. Runs before the code."""

    atomic = False

    dependencies = [
        ('casework', '0002_clock_corrections_and_notices'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='workitem',
            index=models.Index(condition=models.Q(('awaits_approval', True), ('is_open', True)), fields=['deadline', 'id'], name='work_approval'),
        ),
    ]
