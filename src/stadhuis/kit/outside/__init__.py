"""Calls to other systems over HTTP. Nothing else in the house opens an HTTP connection (a test sees to it)."""

from stadhuis.kit.outside.addresses import check_form, check_host, is_public
from stadhuis.kit.outside.breaker import forget, paused
from stadhuis.kit.outside.calls import (
    MAX_BYTES,
    MAX_REDIRECTS,
    Answer,
    Coming,
    Sent,
    Source,
    fetch_json,
    fetch_list,
    post_json,
)
from stadhuis.kit.outside.errors import (
    Forbidden,
    Garbled,
    NotJson,
    OutsideError,
    Paused,
    TooLarge,
    TooSlow,
    Unreachable,
)

__all__ = [
    "MAX_BYTES",
    "MAX_REDIRECTS",
    "Answer",
    "Coming",
    "Forbidden",
    "Garbled",
    "NotJson",
    "OutsideError",
    "Paused",
    "Sent",
    "Source",
    "TooLarge",
    "TooSlow",
    "Unreachable",
    "check_form",
    "check_host",
    "fetch_json",
    "fetch_list",
    "forget",
    "is_public",
    "paused",
    "post_json",
]
