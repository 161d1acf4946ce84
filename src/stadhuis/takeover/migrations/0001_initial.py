"""Tables of the takeover: how far it is, what was taken and what could not be. Runs before the code."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make them."""

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=50)),
                ('number', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='run_number_once'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('source',), name='run_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Taken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=50)),
                ('kind', models.CharField(max_length=40)),
                ('url', models.CharField(help_text='its address there', max_length=1000)),
                ('uuid', models.UUIDField(help_text='here')),
                ('digest', models.CharField(blank=True, default='', help_text='of its JSON there; empty: not whole yet', max_length=64)),
                ('is_adopted', models.BooleanField(default=False, help_text='was here already, made by ourselves')),
                ('parts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, help_text='kinds to ask for at its own address', size=None)),
                ('seen_in', models.PositiveIntegerField(help_text='number of the last run that saw it there')),
                ('taken_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'kind', 'id'], name='taken_kind')],
                'constraints': [models.UniqueConstraint(fields=('source', 'url'), name='taken_once')],
            },
        ),
        migrations.CreateModel(
            name='Trouble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=50)),
                ('kind', models.CharField(max_length=40)),
                ('url', models.CharField(max_length=1000)),
                ('reason', models.CharField(help_text='never a value of the object', max_length=500)),
                ('is_waiting', models.BooleanField(default=False, help_text='for what it refers to')),
                ('run', models.PositiveIntegerField(help_text='number of the run that met it last')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'url'), name='trouble_once')],
            },
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('place', models.BigIntegerField(default=1, help_text='next page; or the last owner that was asked')),
                ('round', models.PositiveSmallIntegerField(default=1, help_text='a list that changed while it was read is read again')),
                ('total', models.IntegerField(blank=True, help_text='how many the source said last that there are', null=True)),
                ('is_done', models.BooleanField(default=False)),
                ('read', models.IntegerField(default=0)),
                ('new', models.IntegerField(default=0)),
                ('changed', models.IntegerField(default=0)),
                ('problem', models.CharField(blank=True, default='', help_text='why the whole kind was not read', max_length=200)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cursors', to='takeover.run')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'kind'), name='cursor_once')],
            },
        ),
    ]
