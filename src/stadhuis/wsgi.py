"""What the web server loads."""

from __future__ import annotations

import os

from stadhuis.kit.starting import without_collecting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
with without_collecting():
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    application = get_wsgi_application()
    # With the pages, so that the first visitor does not wait for them.
    get_resolver().url_patterns  # noqa: B018
