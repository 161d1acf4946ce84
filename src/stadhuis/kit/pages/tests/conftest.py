"""Pages of the kit alone: the style guide needs no room and no database."""

from __future__ import annotations

import pytest

from stadhuis.kit.pages import assets, context


@pytest.fixture(autouse=True)
def _kit_alone(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "_outages", [list])
    settings.ROOT_URLCONF = "stadhuis.kit.pages.tests.urls"  # type: ignore[attr-defined]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"  # type: ignore[attr-defined]
    settings.MIDDLEWARE = [  # type: ignore[attr-defined]
        "stadhuis.kit.logs.RequestMiddleware",
        "stadhuis.kit.pages.csp.SecurityHeadersMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "stadhuis.kit.sessions.FaceSessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]


@pytest.fixture
def built() -> None:
    """Skip, with what to do, where the assets were not built."""
    try:
        assets.url("stadhuis.css")
    except assets.AssetsNotBuilt as error:
        pytest.skip(str(error))
