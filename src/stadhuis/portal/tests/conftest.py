"""The town of the tests of forms serves the portal as well."""

from __future__ import annotations

from stadhuis.forms.tests.conftest import browser, running, simulators, town

__all__ = ["browser", "running", "simulators", "town"]
