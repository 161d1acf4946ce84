"""What the web server loads."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
application = get_wsgi_application()
# Code and settings live as long as the process: a full collection, in the middle of somebody's page, need not look at them.
gc.collect()
gc.freeze()
