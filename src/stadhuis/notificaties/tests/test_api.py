"""The Notificaties API over HTTP: channels, subscriptions that must prove themselves, messages of other producers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from stadhuis.access import public as access
from stadhuis.kit.api.testing import ApiClient, body_of, faults, prescribed_document, unargued
from stadhuis.notificaties import actions
from stadhuis.notificaties.api import API, ROOT
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.notificaties.tests.receiver import Receiver

Json = dict[str, Any]
pytestmark = pytest.mark.django_db
SECRET = "een-geheim-van-minstens-32-tekens!!"
ARGUED = Path(__file__).parent / "argued_differences.txt"
ZAAK = "https://elders.example/zaken/api/v1/zaken/1"


class Guarded(Receiver):
    """A receiver that takes only messages that bear its secret."""

    def status_for(self, headers: dict[str, str]) -> int:
        """401 without the secret, else what it answers."""
        return self.status if headers.get("Authorization") == "Bearer geheim" else 401


def given_applicatie(client_id: str = "alles", *scopes: str) -> ApiClient:
    rights = [access.AutorisatieData("nrc", scopes)] if scopes else []
    access.create_applicatie(client_id, [client_id], SECRET, heeft_alle_autorisaties=not scopes, autorisaties=rights)
    return ApiClient(ROOT, client_id, SECRET)


@pytest.fixture
def api(db: None) -> ApiClient:
    return given_applicatie()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Guarded]:
    settings.API_ALLOWED_HOSTS = ["127.0.0.1"]
    made = Guarded()
    made.up()
    yield made
    made.down()


def abonnement_body(receiver: Receiver, **more: Any) -> Json:
    return {
        "callbackUrl": receiver.url,
        "auth": "Bearer geheim",
        "kanalen": [{"naam": "zaken", "filters": {"bronorganisatie": "807287684"}}],
        **more,
    }


def message_body(**more: Any) -> Json:
    return {
        "kanaal": "zaken",
        "hoofdObject": ZAAK,
        "resource": "status",
        "resourceUrl": ZAAK,
        "actie": "create",
        "aanmaakdatum": "2026-03-27T10:59:13Z",
        "kenmerken": {"bronorganisatie": "807287684"},
        **more,
    }


# -- The document --------------------------------------------------------------------------------------------------------
def test_every_operation_is_described_as_the_standard_describes_it() -> None:
    prescribed = prescribed_document("notificaties-1.0.1.yaml")
    differences, gone = unargued(API, prescribed, ARGUED)
    assert differences == []
    assert gone == []
    assert set(API.operations) == set(prescribed["paths"])


# -- Channels ------------------------------------------------------------------------------------------------------------
def test_the_channels_of_our_registers_are_there_and_others_are_made(api: ApiClient) -> None:
    # given
    names = {one["naam"] for one in body_of(api.get("kanaal"))}
    assert {"zaken", "documenten", "besluiten", "zaaktypen", "besluittypen", "informatieobjecttypen"} <= names
    # when
    made = body_of(
        api.post("kanaal", {"naam": "taken", "filters": ["soort"], "documentatieLink": "https://x.example/"}), 201
    )
    # then
    assert body_of(api.get(made["url"])) == made
    assert body_of(api.get("kanaal", naam="taken")) == [made]
    assert made["filters"] == ["soort"]
    for naam in ("taken", "zaken"):
        assert faults(api.post("kanaal", {"naam": naam})) == {"naam": "unique"}
    zaken = body_of(api.get("kanaal", naam="zaken"))[0]
    assert body_of(api.get(zaken["url"])) == zaken
    assert api.get("kanaal", naam="niets").json() == []  # type: ignore[attr-defined]
    assert api.get(made["url"][:-4] + "0000").status_code == 404


# -- Subscriptions -------------------------------------------------------------------------------------------------------
def test_a_subscription_is_made_read_changed_and_ended_and_its_secret_never_shown(
    api: ApiClient, receiver: Guarded
) -> None:
    # when
    made = body_of(api.post("abonnement", abonnement_body(receiver)), 201)
    # then: asked without and with the secret
    assert [headers.get("Authorization") for headers, _ in receiver.got] == [None, "Bearer geheim"]
    assert receiver.got[1][1]["kanaal"] == "test"
    assert "auth" not in made
    assert body_of(api.get(made["url"])) == made
    assert body_of(api.get("abonnement")) == [made]
    # when
    changed = body_of(api.patch(made["url"], {"kanalen": [{"naam": "documenten", "filters": {}}]}))
    # then
    assert changed["kanalen"] == [{"naam": "documenten", "filters": {}}]
    assert changed["callbackUrl"] == receiver.url
    replaced = body_of(api.put(made["url"], abonnement_body(receiver)))
    assert replaced == made
    assert b"geheim" not in bytes(Abonnement.objects.get().auth)
    assert api.delete(made["url"]).status_code == 204
    assert api.get(made["url"]).status_code == 404
    assert api.patch(made["url"], {}).status_code == 404
    assert api.delete(made["url"]).status_code == 404


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kanalen": [{"naam": "niets", "filters": {}}]}, {"kanalen.0.naam": "kanaal_naam"}),
        (
            {"kanalen": [{"naam": "zaken"}, {"naam": "zaken", "filters": {"kleur": "rood"}}]},
            {"kanalen.1.filters": "inconsistent-abonnement-filters"},
        ),
        ({"auth": "Bearer verkeerd"}, {"callbackUrl": "invalid-callback-url"}),
        ({"callbackUrl": "http://10.0.0.1/"}, {"callbackUrl": "no-auth-on-callback-url"}),
        ({"callbackUrl": "geen adres"}, {"callbackUrl": "invalid"}),
        ({"kanalen": [{"filters": {"bronorganisatie": 1}}]},
         {"kanalen.0.naam": "required", "kanalen.0.filters": "invalid"}),
    ],
)  # fmt: skip
def test_a_subscription_that_cannot_be_is_refused_and_nothing_is_kept(
    api: ApiClient, receiver: Guarded, change: Json, wrong: dict[str, str]
) -> None:
    assert faults(api.post("abonnement", abonnement_body(receiver, **change))) == wrong
    assert Abonnement.objects.count() == 0


def test_an_address_that_takes_messages_of_anybody_is_refused(api: ApiClient, settings: Any) -> None:
    settings.API_ALLOWED_HOSTS = ["127.0.0.1"]
    open_to_all = Receiver()
    open_to_all.up()
    try:
        assert faults(api.post("abonnement", abonnement_body(open_to_all))) == {
            "callbackUrl": "no-auth-on-callback-url"
        }
    finally:
        open_to_all.down()


# -- Messages ------------------------------------------------------------------------------------------------------------
def test_a_message_of_another_producer_is_routed_as_it_came(api: ApiClient, receiver: Guarded) -> None:
    # given
    body_of(api.post("abonnement", abonnement_body(receiver)), 201)
    receiver.got.clear()
    # when
    answer = body_of(api.post("notificaties", message_body()), 200)
    for job in ProcrastinateJob.objects.filter(task_name="notificaties.deliver"):
        actions.deliver(job.args["stream"])
    # then
    assert answer == message_body()
    assert [body for _, body in receiver.got] == [message_body()]
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"kanaal": "niets"}, {"kanaal": "message_kanaal"}),
        ({"kenmerken": {"kleur": "rood"}}, {"kenmerken": "kenmerken_inconsistent"}),
        ({"kenmerken": {"bronorganisatie": ""}}, {"kenmerken": "blank"}),
        ({"aanmaakdatum": "gisteren", "resourceUrl": "x"}, {"aanmaakdatum": "invalid", "resourceUrl": "invalid"}),
    ],
)
def test_a_message_that_cannot_be_is_refused(api: ApiClient, change: Json, wrong: dict[str, str]) -> None:
    assert faults(api.post("notificaties", message_body(**change))) == wrong
    assert not Notificatie.objects.exclude(kanaal="autorisaties").exists()


# -- Who may -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scope", "may_publish", "may_subscribe"),
    [("notificaties.publiceren", True, False), ("notificaties.consumeren", False, True)],
)
def test_each_scope_opens_its_own_half(
    receiver: Guarded, scope: str, *, may_publish: bool, may_subscribe: bool
) -> None:
    api = given_applicatie("half", scope)
    assert api.get("kanaal").status_code == api.get("abonnement").status_code == 200
    assert api.post("notificaties", message_body()).status_code == (200 if may_publish else 403)
    assert api.post("kanaal", {"naam": "taken"}).status_code == (201 if may_publish else 403)
    assert api.post("abonnement", abonnement_body(receiver)).status_code == (201 if may_subscribe else 403)
