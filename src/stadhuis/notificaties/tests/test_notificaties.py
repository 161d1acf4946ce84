"""What notificaties promises: at least once, in order per object, for a week, and nothing when the change is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from stadhuis.kit.time import now
from stadhuis.notificaties import actions
from stadhuis.notificaties import public as notificaties
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.notificaties.rules import FIRST_DELAY, LONGEST_DELAY, delay_after, fits
from stadhuis.notificaties.tests.receiver import Receiver

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
ZAAK = "http://localhost:8000/zaken/api/v1/zaken/1"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.API_ALLOWED_HOSTS = ["127.0.0.1"]
    notificaties.register_kanaal("zaken", ["bronorganisatie", "zaaktype", "vertrouwelijkheidaanduiding"])
    made = Receiver()
    made.up()
    yield made
    made.down()


def given_abonnement(receiver: Receiver, **filters: str) -> Abonnement:
    uuid = notificaties.create_abonnement(receiver.url, "Bearer geheim", [("zaken", filters)])
    return Abonnement.objects.get(uuid=uuid)


def tell(actie: str = "create", zaak: str = ZAAK, **kenmerken: str) -> None:
    notificaties.notify(
        "zaken",
        hoofd_object=zaak,
        resource="zaak",
        resource_url=zaak,
        actie=actie,
        kenmerken={"zaaktype": "t1", **kenmerken},
    )


def run_jobs() -> None:
    """Do what a worker would do now: every delivery job whose time has come, oldest first."""
    for job in list(ProcrastinateJob.objects.filter(task_name="notificaties.deliver", status="todo").order_by("id")):
        if job.scheduled_at is None or job.scheduled_at <= now():
            actions.deliver(job.args["stream"])


# -- Sending ----------------------------------------------------------------------------------------------------------
def test_when_something_changes_then_the_subscriber_gets_the_message_with_its_own_authorization(
    receiver: Receiver,
) -> None:
    # given
    given_abonnement(receiver)
    # when
    with time_machine.travel(START, tick=False):
        tell()
        run_jobs()
    # then
    (headers, body), *others = receiver.got
    assert others == []
    assert headers["Authorization"] == "Bearer geheim"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Notificatie-ID"] == str(Notificatie.objects.get().uuid)
    assert body == {
        "kanaal": "zaken", "hoofdObject": ZAAK, "resource": "zaak", "resourceUrl": ZAAK, "actie": "create",
        "aanmaakdatum": "2026-03-02T12:00:00Z", "kenmerken": {"zaaktype": "t1"},
    }  # fmt: skip
    assert Delivery.objects.get().state == "delivered"


def test_when_the_change_is_undone_then_nothing_is_told(receiver: Receiver) -> None:
    given_abonnement(receiver)
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)
    run_jobs()
    assert receiver.got == []
    assert not Notificatie.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="notificaties.deliver").exists()


def test_when_filters_do_not_match_then_nothing_is_sent(receiver: Receiver) -> None:
    given_abonnement(receiver, zaaktype="t2")
    tell()
    assert not Delivery.objects.exists()
    tell(zaaktype="t2")
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("filters", "kenmerken", "outcome"),
    [
        ({}, {"zaaktype": "a"}, True),
        ({"zaaktype": "*"}, {"zaaktype": "a"}, True),
        ({"zaaktype": "a"}, {"zaaktype": "a"}, True),
        ({"zaaktype": "a", "bronorganisatie": "1"}, {"zaaktype": "a", "bronorganisatie": "2"}, False),
        ({"zaaktype": "a"}, {}, False),
        ({"verantwoordelijke_organisatie": "1"}, {"verantwoordelijkeOrganisatie": "1"}, True),
    ],
)
def test_a_message_fits_when_all_filters_match(
    filters: dict[str, str], kenmerken: dict[str, str], outcome: bool
) -> None:
    assert fits(filters, kenmerken) is outcome


# -- Down and up again -------------------------------------------------------------------------------------------------
def test_when_a_subscriber_is_down_for_five_minutes_then_it_loses_nothing_and_gets_all_in_order(
    receiver: Receiver,
) -> None:
    # given
    given_abonnement(receiver)
    receiver.down()
    with time_machine.travel(START, tick=False) as clock:
        for actie in ("create", "update", "destroy"):
            tell(actie)
            run_jobs()
        tell("create", zaak=f"{ZAAK}2")
        run_jobs()
        assert receiver.got == []
        # when
        clock.shift(timedelta(minutes=5))
        receiver.up()
        run_jobs()
    # then
    of_first = [body["actie"] for _, body in receiver.got if body["hoofdObject"] == ZAAK]
    assert of_first == ["create", "update", "destroy"]
    assert len(receiver.got) == 4
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_when_one_object_waits_then_another_is_not_held_up(receiver: Receiver) -> None:
    given_abonnement(receiver)
    with time_machine.travel(START, tick=False):
        receiver.status = 500
        tell("create")
        run_jobs()
        receiver.status = 204
        tell("update")
        tell("create", zaak=f"{ZAAK}2")
        run_jobs()
    assert [(body["hoofdObject"], body["actie"]) for _, body in receiver.got] == [
        (ZAAK, "create"),
        (f"{ZAAK}2", "create"),
    ]


def test_when_a_subscriber_stays_down_then_it_is_tried_for_a_week_and_then_set_apart(receiver: Receiver) -> None:
    # given
    given_abonnement(receiver)
    receiver.status = 503
    with time_machine.travel(START, tick=False) as clock:
        tell()
        run_jobs()
        # when
        for _ in range(60):
            row = Delivery.objects.get()
            if row.state != "waiting":
                break
            clock.move_to(row.next_at)
            actions.deliver(row.stream)
        gone = now() - START
    # then
    assert timedelta(days=7) < gone < timedelta(days=9)
    (letter,) = notificaties.dead_letters()
    assert letter.last_error == "status 503"
    assert letter.attempts == len(receiver.got) > 20


def test_when_a_dead_letter_is_sent_again_then_it_arrives(receiver: Receiver) -> None:
    given_abonnement(receiver)
    tell()
    Delivery.objects.update(state="dead", finished_at=START, attempts=30)
    (letter,) = notificaties.dead_letters()
    notificaties.send_again(letter.delivery_id)
    run_jobs()
    assert receiver.actions() == ["create"]
    assert notificaties.dead_letters() == []
    with pytest.raises(notificaties.DeliveryNotFound):
        notificaties.send_again(letter.delivery_id)


def test_the_delays_grow_to_six_hours() -> None:
    assert delay_after(1) == FIRST_DELAY
    assert delay_after(3) == FIRST_DELAY * 4
    assert delay_after(500) == LONGEST_DELAY


def test_when_a_job_runs_twice_then_the_message_goes_once(receiver: Receiver) -> None:
    given_abonnement(receiver)
    tell()
    run_jobs()
    run_jobs()
    assert receiver.actions() == ["create"]


# -- Where messages do not go ------------------------------------------------------------------------------------------
def test_when_a_callback_lies_in_a_private_network_then_nothing_is_sent_there(
    receiver: Receiver, settings: Any
) -> None:
    settings.API_ALLOWED_HOSTS = []
    given_abonnement(receiver)
    tell()
    run_jobs()
    assert receiver.got == []
    assert Delivery.objects.get().last_error == "the address lies in a private network"


def test_when_a_callback_redirects_then_it_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.location = 302, "http://169.254.169.254/"
    given_abonnement(receiver)
    tell()
    run_jobs()
    assert Delivery.objects.get().last_error == "status 302"


# -- Subscribing ------------------------------------------------------------------------------------------------------
def test_when_a_channel_or_filter_is_unknown_then_the_subscription_is_refused(receiver: Receiver) -> None:
    with pytest.raises(notificaties.UnknownKanaal):
        notificaties.create_abonnement(receiver.url, "x", [("nergens", {})])
    with pytest.raises(notificaties.InconsistentFilters):
        notificaties.create_abonnement(receiver.url, "x", [("zaken", {"kleur": "rood"})])


def test_the_authorization_of_a_subscriber_is_not_readable_in_the_database(receiver: Receiver) -> None:
    assert b"geheim" not in bytes(given_abonnement(receiver).auth)


def test_when_a_subscription_ends_then_what_waits_for_it_goes(receiver: Receiver) -> None:
    abonnement = given_abonnement(receiver)
    tell()
    assert notificaties.delete_abonnement(abonnement.uuid)
    run_jobs()
    assert receiver.got == []


def test_old_messages_that_everybody_has_are_removed_and_dead_ones_stay(receiver: Receiver) -> None:
    given_abonnement(receiver)
    tell("create")
    tell("update")
    run_jobs()
    Delivery.objects.filter(notificatie__actie="update").update(state="dead")
    Notificatie.objects.update(aanmaakdatum=now() - timedelta(days=31))
    assert actions.clean_up() == 1
    assert [message.actie for message in Notificatie.objects.all()] == ["update"]


# -- A subscriber that cannot be reached --------------------------------------------------------------------------------
def test_when_a_subscriber_is_down_then_all_its_streams_leave_it_alone_and_no_attempt_is_counted(
    receiver: Receiver,
) -> None:
    # given: three objects whose messages found nobody at home
    abonnement = given_abonnement(receiver)
    receiver.down()
    with time_machine.travel(START, tick=False) as clock:
        for number in range(3):
            tell(zaak=f"{ZAAK}{number}")
        run_jobs()
        abonnement.refresh_from_db()
        assert abonnement.paused_until == START + timedelta(seconds=60)
        # when: it is back before the pause is over, and something new happens
        receiver.up()
        tell(zaak=f"{ZAAK}9")
        run_jobs()
        # then
        assert receiver.got == []
        new = Delivery.objects.get(notificatie__hoofd_object=f"{ZAAK}9")
        assert (new.attempts, new.next_at) == (0, abonnement.paused_until)
        clock.move_to(START + timedelta(seconds=61))
        for stream in Delivery.objects.values_list("stream", flat=True):
            actions.deliver(stream)
        assert len(receiver.got) == 4
    again = Abonnement.objects.get()
    assert again.failures == 0
    assert again.paused_until is None


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://user:pw@example.org/", "http://example.org:25/", "x", "http://["]
)
def test_when_a_callback_can_be_no_address_then_the_subscription_is_refused(receiver: Receiver, url: str) -> None:
    with pytest.raises(notificaties.NoCallbackUrl):
        notificaties.create_abonnement(url, "x", [("zaken", {})])
    assert Abonnement.objects.count() == 0
