from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let open work be counted by the index alone for who sees a part. Runs before the code; the code before uses it too."""

    atomic = False

    dependencies = [
        ('casework', '0003_work_approval'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='workitem',
            index=models.Index(condition=models.Q(('is_open', True)), fields=['deadline', 'id'], include=['zaaktype_ref', 'vertrouwelijkheid_orde'], name='work_open_guarded'),
        ),
        RemoveIndexConcurrently(
            model_name='workitem',
            name='work_open',
        ),
    ]
