"""The computed column ``vertrouwelijkheid_orde`` that every guarded table has beside the text."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Value, When

from stadhuis.catalogi.choices import VERTROUWELIJKHEID


def orde_column() -> models.GeneratedField:
    """Return a column that PostgreSQL computes from ``vertrouwelijkheidaanduiding``: the two cannot disagree."""
    whens = [
        When(vertrouwelijkheidaanduiding=value, then=Value(place))
        for place, value in enumerate(VERTROUWELIJKHEID, start=1)
    ]
    return models.GeneratedField(
        expression=Case(*whens, default=Value(8)), output_field=models.SmallIntegerField(), db_persist=True
    )
