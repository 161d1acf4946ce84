from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F, Func


class Migration(migrations.Migration):
    """Index the words of a record with the block it belongs to. Runs before the code; the code before searches by it too."""

    atomic = False

    dependencies = [
        ('records', '0003_past_owner'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='searchtext',
            index=GinIndex(F('vector'), Func(F('record'), template='ARRAY[(%(expressions)s >> 12)::integer]'), name='search_text_words_by_block'),
        ),
        RemoveIndexConcurrently(
            model_name='searchtext',
            name='search_text_words',
        ),
    ]
