"""In production nothing of the practice town is reachable, and every cookie is for https alone. A process of its own."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

_ASK = """
import json, sys
import django
django.setup()
from django.test import Client
from django.urls import get_resolver
browser = Client(raise_request_exception=False, headers={"host": "stadhuis.example"})
answers = {}
for path in ("/demo/", "/stijlgids/", "/stijlgids/formulier/", "/metrics", "/contact/", "/werkplek/inloggen/"):
    answer = browser.get(path)
    answers[path] = [answer.status_code, answer.headers.get("Strict-Transport-Security", ""),
                     [bool(morsel["secure"] and morsel["httponly"]) for morsel in answer.cookies.values()]]
answers["other host"] = [browser.get("/contact/", headers={"host": "localhost"}).status_code, "", []]
from django.conf import settings
print(json.dumps({"answers": answers, "rooms": list(settings.ROOMS), "debug": settings.DEBUG}))
"""


def _environment(folder: Path, **other: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STADHUIS_", "PYTEST_"))}
    made = {
        "MODE": "production",
        "PUBLIC_URL": "https://stadhuis.example",
        "DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "BSN_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "BSN_HASH_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "PROCESSING_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SMTP_HOST": "mail.example",
        **{f"{name}_ISSUER": "https://inloggen.example" for name in ("DIGID", "EHERKENNING")},
        **{f"{name}_CLIENT_ID": "stadhuis" for name in ("DIGID", "EHERKENNING")},
        **{f"{name}_CLIENT_SECRET": secrets.token_urlsafe(24) for name in ("DIGID", "EHERKENNING")},
        **{f"{name}_URL": "https://bronnen.example" for name in ("BRP", "KVK")},
        **{f"{name}_API_KEY": secrets.token_urlsafe(24) for name in ("BRP", "KVK")},
        **other,
    }
    settings = {f"STADHUIS_{name}": value for name, value in made.items()}
    return {**kept, **settings, "DJANGO_SETTINGS_MODULE": "stadhuis.settings"}


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_nothing_of_the_practice_town_is_there_and_cookies_go_over_https_only(tmp_path: Path) -> None:
    done = _run(_environment(tmp_path), "-c", _ASK)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    answers = told["answers"]
    assert "demo" not in told["rooms"]
    assert told["debug"] is False
    for path in ("/demo/", "/stijlgids/", "/stijlgids/formulier/", "/metrics"):
        assert answers[path][0] == 404, path
    for path in ("/contact/", "/werkplek/inloggen/"):
        status, transport, cookies = answers[path]
        assert status == 200
        assert "max-age=" in transport
        assert cookies
        assert all(cookies)
    assert answers["other host"][0] == 400


def test_the_simulators_and_the_seeding_refuse_to_run(tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    simulators = _run(
        environment, "-m", "stadhuis.demo.simulators", "--port", "1", "--smtp-port", "2", "--data-dir", str(tmp_path)
    )
    seeding = _run(environment, "-m", "stadhuis", "seed-demo")
    for refused in (simulators, seeding):
        assert refused.returncode != 0
        assert "not for production" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "kort"),
        ("DEBUG", "true"),
        ("SIMULATORS_URL", "http://localhost:8001"),
        ("PRACTICE_DATE", "2021-05-17"),
        ("PUBLIC_URL", "http://stadhuis.example"),
        ("BSN_KEY", "b25seS1mb3ItdGVzdHMtYnNuLWtleS0tLS0tLS0tLS0="),
    ],
)
def test_production_refuses_what_is_weak_and_names_it(tmp_path: Path, name: str, value: str) -> None:
    done = _run(_environment(tmp_path, **{name: value}), "-c", "import stadhuis.settings")
    assert done.returncode != 0
    assert f"STADHUIS_{name}" in done.stderr
    assert value not in done.stderr or name in {"DEBUG", "PUBLIC_URL", "SIMULATORS_URL", "PRACTICE_DATE"}
