"""Give the subjects in the processing log pseudonyms of its own, keep the outcome of verifications, and let the trail be searched.

Runs before the code. The old code still writes and finds the persons' own uuids; what it writes meanwhile is not found by
the new pages and goes with the retention of the log.
"""

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models import Q


def give_pseudonyms(apps: Any, schema_editor: Any) -> None:
    key = base64.b64decode(settings.PROCESSING_KEY.split(",")[0])

    def pseudonym(person: UUID) -> UUID:
        return UUID(bytes=hmac.new(key, b"processing:" + person.bytes, hashlib.sha256).digest()[:16])

    processing = apps.get_model("audit", "Processing")
    last = 0
    while rows := list(processing.objects.filter(pk__gt=last).order_by("pk")[:1000]):
        for row in rows:
            row.subjects = sorted(pseudonym(person) for person in row.subjects)
        processing.objects.bulk_update(rows, ["subjects"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    locks_because = "It comes before the first release: no town hall has rows in these tables yet."

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("lines", models.BigIntegerField()),
                ("last_number", models.BigIntegerField(help_text="the chain fits up to and including this line")),
                ("broken_line", models.BigIntegerField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
            ],
        ),
        migrations.AddIndex(
            model_name="processing",
            index=models.Index(condition=Q(("about__isnull", False)), fields=["about"], name="processing_by_object"),
        ),
        migrations.AddIndex(
            model_name="line", index=BrinIndex(fields=["at"], name="audit_line_by_time")
        ),
        migrations.AddIndex(
            model_name="payload",
            index=models.Index(fields=["actor_key", "line"], name="audit_payload_by_actor"),
        ),
        migrations.AddIndex(
            model_name="payload",
            index=models.Index(fields=["resource_weergave"], name="audit_payload_by_number"),
        ),
        migrations.RunPython(give_pseudonyms, migrations.RunPython.noop),
    ]
