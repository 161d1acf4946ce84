"""The webhook: who may deliver, what is taken, and that our own Notificaties API delivers to it."""

from __future__ import annotations

from typing import Any

import pytest

from stadhuis.access import public as access
from stadhuis.autorisaties.tests.given import SECRET, given_applicatie, made
from stadhuis.autorisaties.webhook import ROOT
from stadhuis.kit.api.testing import ApiClient, faults, token
from stadhuis.notificaties.models import Notificatie

pytestmark = pytest.mark.django_db
TOKEN = "een-geheim-van-de-notificaties-api-32"
MESSAGE = {
    "kanaal": "autorisaties",
    "hoofdObject": "https://elders.example/autorisaties/api/v1/applicaties/1",
    "resource": "applicatie",
    "resourceUrl": "https://elders.example/autorisaties/api/v1/applicaties/1",
    "actie": "update",
    "aanmaakdatum": "2026-03-27T10:59:13Z",
}


@pytest.fixture
def router(settings: Any, db: None) -> ApiClient:
    """A Notificaties API that knows the secret of its subscription."""
    settings.WEBHOOK_TOKEN = TOKEN
    return ApiClient(ROOT, headers={"Authorization": f"Bearer {TOKEN}"})


@pytest.mark.parametrize(
    "change",
    [{}, {"kenmerken": {}}, {"kenmerken": {"x": "y"}}, {"actie": "partial_update"}, {"actie": "destroy"},
     {"kanaal": "test", "resource": "test", "actie": "test"}, {"kanaal": "zaken"}],
)  # fmt: skip
def test_a_message_is_taken_and_twice_is_as_good_as_once(router: ApiClient, change: dict[str, Any]) -> None:
    for _ in range(2):
        answer = router.post("autorisaties", {**MESSAGE, **change})
        assert (answer.status_code, answer.content, answer["API-version"]) == (204, b"", "1.0.0-rc1")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kanaal": "", "actie": "x" * 101}, {"kanaal": "blank", "actie": "max_length"}),
        ({"hoofdObject": "geen url", "resourceUrl": 1}, {"hoofdObject": "invalid", "resourceUrl": "invalid"}),
        ({"aanmaakdatum": "0000-01-01T00:00:00Z", "kenmerken": {"a": 1}}, {"aanmaakdatum": "invalid", "kenmerken": "invalid"}),
        ({"kanaal": "a\x00b", "resource": None}, {"kanaal": "null_characters_not_allowed", "resource": "null"}),
    ],
)  # fmt: skip
def test_a_message_of_the_wrong_form_is_refused_with_every_fault(
    router: ApiClient, change: dict[str, Any], wrong: dict[str, str]
) -> None:
    assert faults(router.post("autorisaties", {**MESSAGE, **change})) == wrong


def test_what_lacks_is_said_at_once_and_what_is_no_json_is_refused(router: ApiClient) -> None:
    assert faults(router.post("autorisaties", {})) == dict.fromkeys(MESSAGE, "required")
    answer = router.send("POST", "autorisaties", raw=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert router.get("autorisaties").status_code == 405
    assert router.post("iets", MESSAGE).status_code == 404


def test_nobody_gets_in_without_the_secret(router: ApiClient, settings: Any) -> None:
    access.create_applicatie("alles", ["alles"], SECRET, True)
    for header in (
        "", "Bearer", "Bearer ", "Bearer verkeerd", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff\xfe",
        f"Bearer {token('alles', SECRET)}",
    ):  # fmt: skip
        answer = ApiClient(ROOT, headers={"Authorization": header} if header else {}).post("autorisaties", MESSAGE)
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json"), header
    # and nobody at all while there is no secret
    settings.WEBHOOK_TOKEN = ""
    for header in (f"Bearer {TOKEN}", "Bearer ", "Bearer"):
        assert ApiClient(ROOT, headers={"Authorization": header}).post("autorisaties", MESSAGE).status_code == 403


def test_what_we_tell_subscribers_is_what_the_webhook_takes(router: ApiClient) -> None:
    made(given_applicatie(), heeftAlleAutorisaties=True)
    message = Notificatie.objects.latest("id")
    assert message.kanaal == "autorisaties"
    assert router.post("autorisaties", message.body()).status_code == 204
