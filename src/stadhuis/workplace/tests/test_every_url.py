"""Every address of the house, tried by everybody. A new address without a line in the table fails here.

Whoever may not, gets the log-in page, 403 or 404, and nothing has changed afterwards.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from stadhuis.access import public as access
from stadhuis.besluiten.api import API as BESLUITEN_API
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.catalogi.api import API as CATALOGI_API
from stadhuis.forms import public as forms
from stadhuis.forms.models import DraftFile, Submission
from stadhuis.forms.tests.given import a_pdf
from stadhuis.kit import outages
from stadhuis.kit.api.endpoint import Api
from stadhuis.kit.api.testing import token
from stadhuis.kit.models import Alarm
from stadhuis.kit.time import now, today
from stadhuis.messages import public as messages
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.notificaties.api import API as NOTIFICATIES_API
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.people import public as people
from stadhuis.people.models import LoginSession, Passkey, StaffMeans
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.records.models import Record
from stadhuis.zaken import public as zaken
from stadhuis.zaken.api import API as ZAKEN_API
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN, given_resident, given_staff

SECRET = "een-geheim-van-minstens-32-tekens!!"
pytestmark = pytest.mark.django_db

# -- The table --------------------------------------------------------------------------------------------------------
PERSONAS = ("nobody", "owner", "neighbour", "company", "stranger", "reader", "handler", "decider", "administrator")
"""Nobody; the resident whose things these are, another one, a company; staff without rights, who reads, handles, decides;
and who administers everything but sees no zaak."""
RESIDENTS = frozenset({"owner", "neighbour", "company"})
STAFF = frozenset({"stranger", "reader", "handler", "decider", "administrator"})


@dataclass(frozen=True)
class Page:
    """Who gets an address with a method, and what is posted. Others are sent to log in, or find nothing."""

    who: frozenset[str]
    method: str = "GET"
    face: str = "open"
    """open, portal or workplace: what one logs in to."""
    data: dict[str, Any] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    """May see the page that the button stands on, but not press it: sent back there, nothing changed."""
    is_download: bool = False


def _open(method: str = "GET", **data: Any) -> Page:
    return Page(frozenset(PERSONAS), method, data=data)


def _nowhere(method: str = "GET", **data: Any) -> Page:
    """Not there for anybody who did not open a link from a mail."""
    return Page(frozenset(), method, "nowhere", data)


def _of_owner(method: str = "GET", **data: Any) -> Page:
    return Page(frozenset({"owner"}), method, "portal", data)


def _of_residents(method: str = "GET", **data: Any) -> Page:
    return Page(RESIDENTS, method, "portal", data)


def _of_staff(method: str = "GET", **data: Any) -> Page:
    return Page(STAFF, method, "workplace", data)


def _of_readers(**more: Any) -> Page:
    return Page(frozenset({"reader", "handler", "decider"}), "GET", "workplace", **more)


def _of_administrator(method: str = "GET", **more: Any) -> Page:
    return Page(frozenset({"administrator"}), method, "workplace", **more)


def _deed(*who: str, **data: Any) -> Page:
    allowed = frozenset(who)
    return Page(allowed, "POST", "workplace", data, refused=frozenset({"reader", "handler", "decider"}) - allowed)


TABLE: dict[str, tuple[Page, ...]] = {
    "language": (_open(), _open("POST", language="en", next="/contact/")),
    "styleguide": (_open(),),
    "styleguide_example": (_open(),),
    "demo:wie_is_wie": (_open(),),
    # people
    "people:inloggen": (_open(),),
    "people:ophogen": (Page(RESIDENTS, "GET", "portal"),),
    "people:start": (_open(),),
    "people:terug": (_open(),),
    "people:afmelden": (_open("POST", logout_token="geen.echt.token"),),
    "people:jwks": (_open(),),
    "people:uitloggen": (_open("POST"),),
    "people:uitgelogd": (_open(),),
    "people:verlengen": (_of_residents("POST"),),
    "people:werkplek_inloggen": (_open(), _open("POST", gebruikersnaam="bea", wachtwoord="geraden wachtwoord")),
    "people:werkplek_code": (_open(), _open("POST", code="123456")),
    "people:werkplek_uitloggen": (_open("POST"),),
    "people:werkplek_uitgelogd": (_open(),),
    "people:werkplek_verlengen": (_of_staff("POST"),),
    # portal
    "portal:home": (_open(),),
    "portal:products": (_open(),),
    "portal:product": (_open(),),
    "portal:accessibility": (_open(),),
    "portal:privacy": (_open(),),
    "portal:contact": (_open(),),
    "portal:mine": (_of_residents(),),
    "portal:facts": (_of_residents(),),
    "portal:case": (_of_owner(),),
    "portal:document": (Page(frozenset({"owner"}), "GET", "portal", is_download=True),),
    "portal:receipt": (_of_owner(),),
    "portal:default_notice": (_of_owner(), _of_owner("POST")),
    "portal:letter": (_of_owner(),),
    "portal:letter_pdf": (_of_owner(),),
    # forms
    "forms:start": (_of_residents(), _of_residents("POST")),
    "forms:step": (_of_owner(), _of_owner("POST", telefoonnummer="06 12345678")),
    "forms:autosave": (_of_owner("POST", _field="telefoonnummer", telefoonnummer="06 87654321"),),
    "forms:upload": (_of_owner("POST", field="bewijsBank"),),
    "forms:file": (Page(frozenset({"owner"}), "GET", "portal", is_download=True),),
    "forms:overview": (_of_owner(), _of_owner("POST", naarWaarheid="ja")),
    "forms:receipt": (_of_owner(),),
    "forms:throw_away": (_of_owner(), _of_owner("POST")),
    # administration, how the house runs
    "administration:running": (_of_administrator(),),
    "administration:take_alarm": (_of_administrator("POST"),),
    "administration:let_go_alarm": (_of_administrator("POST"),),
    "administration:outages": (
        _of_administrator(),
        _of_administrator(
            "POST",
            data={
                "kanaal": "mail",
                "begin_dag": "01-03-2021",
                "begin_tijd": "09:00",
                "einde_dag": "01-03-2021",
                "einde_tijd": "10:00",
                "reden": "x",
            },
        ),
    ),
    "administration:end_outage": (_of_administrator("POST"),),
    "administration:withdraw_outage": (_of_administrator("POST", data={"reden": "Vergissing."}),),
    "administration:failed": (_of_administrator(),),
    "administration:settle_job": (_of_administrator("POST", data={"deed": "again"}),),
    "administration:send_again": (_of_administrator("POST"),),
    "administration:send_all_again": (_of_administrator("POST"),),
    # messages: mail addresses of residents
    "mail:addresses": (_of_residents(), _of_residents("POST", emailadres="ander@example.org")),
    "mail:confirm": (_of_owner("POST", code="000000"),),
    "mail:again": (_of_owner("POST"),),
    "mail:remove": (_of_owner("POST"),),
    # workplace
    "workplace:worklist": (_of_staff(),),
    "workplace:search": (_of_staff(), _of_staff("POST", q="Verhagen")),
    "workplace:zaak": (_of_readers(),),
    "workplace:trail": (Page(frozenset({"handler", "decider"}), "GET", "workplace"),),
    "workplace:conflict": (
        _of_readers(),
        Page(frozenset({"reader", "handler", "decider"}), "POST", "workplace", {"reden": "Mijn buurman."}),
    ),
    "workplace:glass": (
        _of_staff(),
        Page(
            frozenset({"stranger"}),
            "POST",
            "workplace",
            {"nummer": "{number}", "reden": "Brand."},
            refused=frozenset({"reader", "handler", "decider", "administrator"}),
        ),
    ),
    "workplace:glass_deed": (Page(frozenset({"handler"}), "POST", "workplace"),),
    "workplace:take": (_deed("handler", "decider"),),
    "workplace:release": (_deed("handler", "decider"),),
    "workplace:assign": (_deed("handler", medewerker="{decider}"),),
    "workplace:note": (_deed("handler", "decider", tekst="Gebeld."),),
    "workplace:extend": (_of_readers(), _deed("handler", "decider", weken="2", reden="Druk.")),
    "workplace:suspend": (
        _of_readers(),
        _deed("handler", "decider", grond="invited_to_supplement", tot="{soon}", reden="Er mist een stuk."),
    ),
    "workplace:resume": (_deed(),),  # nothing stands still here: nobody can
    "workplace:term": (_of_readers(),),
    "workplace:default_notice": (_of_readers(), _deed("handler", "decider", op="{today}", reden="Brief")),
    "workplace:objected_decision": (_of_readers(), _deed(op="{today}")),  # no bezwaar: nobody can
    "workplace:correct_event": (_of_readers(), _deed("handler", "decider", op="{today}", reden="Verkeerde dag")),
    "workplace:withdraw_event": (_of_readers(), _deed("handler", "decider", reden="Verkeerde zaak")),
    "workplace:fact": (_of_readers(), _deed("handler", "decider", winstPerMaand="400", bron="Boekhouding")),
    "workplace:assess": (_deed("handler", "decider"),),
    "workplace:propose": (_of_readers(), _deed("handler", "decider", outcome="afwijzen", reasons="Daarom.")),
    "workplace:proposal": (_of_readers(),),
    "workplace:proposal_pdf": (_of_readers(),),
    "workplace:decide": (_deed("decider", remark="Akkoord"),),
    "workplace:document": (_of_readers(is_download=True),),
    "workplace:mails": (_of_staff(),),
    "workplace:settle_mail": (_deed("handler", "decider", deed="again"),),
    # administration
    "administration:home": (_of_administrator(),),
    # of administration, area people
    "administration:people": (_of_administrator(), _of_administrator("POST", data={"q": "bea"})),
    "administration:add_person": (
        _of_administrator(),
        _of_administrator(
            "POST", data={"username": "nieuw", "naam": "Nel Nieuw", "email": "nel@town.example", "unit": "{unit}"}
        ),
    ),
    "administration:add_guest": (
        _of_administrator(),
        _of_administrator(
            "POST",
            data={
                "username": "gast",
                "naam": "Gijs Gast",
                "email": "gijs@partner.example",
                "unit": "{unit}",
                "sponsor": "{decider}",
                "purpose": "Project",
                "end": "{month}",
            },
        ),
    ),
    "administration:person": (_of_administrator(),),
    "administration:change_person": (
        _of_administrator(),
        _of_administrator("POST", data={"naam": "Bea Anders", "email": "bea@town.example", "unit": "{unit}"}),
    ),
    "administration:leave": (_of_administrator(), _of_administrator("POST", data={"dag": "{month}"})),
    "administration:reset_factor": (_of_administrator(), _of_administrator("POST", data={"reden": "Telefoon kwijt."})),
    "administration:invite_again": (_of_administrator("POST"),),
    "administration:unbind": (_of_administrator("POST"),),
    "administration:end_sessions": (_of_administrator("POST"),),
    "administration:groups": (
        _of_administrator(),
        _of_administrator("POST", data={"groep": "sg-nieuw", "rol": "rol-bea", "unit": "{unit}"}),
    ),
    "administration:remove_group": (_of_administrator("POST"),),
    "administration:units": (_of_administrator(),),
    "administration:unit": (_of_administrator(),),
    "administration:add_unit": (
        _of_administrator(),
        _of_administrator("POST", data={"code": "extra", "naam": "Extra", "dag": "{month}"}),
    ),
    "administration:change_unit": (
        _of_administrator(),
        _of_administrator("POST", data={"naam": "Andere naam", "dag": "{month}"}),
    ),
    "administration:merge_unit": (
        _of_administrator(),
        _of_administrator("POST", data={"in": "{other_unit}", "dag": "{month}"}),
    ),
    # of administration, area access
    "administration:roles": (_of_administrator(),),
    "administration:role_new": (
        _of_administrator(),
        _of_administrator("POST", data={"code": "nieuw", "naam": "Nieuw"}),
    ),
    "administration:role": (_of_administrator(),),
    "administration:role_give": (
        _of_administrator("POST", data={"medewerker": "{decider}", "eenheid": "{unit}", "reden": "Vervangt Bea."}),
    ),
    "administration:grant_add": (
        _of_administrator("POST", data={"handeling": "zaak.verdelen", "type": "*", "niveau": "3", "reden": "Nodig."}),
    ),
    "administration:grant_end": (_of_administrator("POST"),),
    "administration:membership": (
        _of_administrator(),
        _of_administrator("POST", data={"van": "01-01-2020", "tot": "{soon}"}),
    ),
    "administration:requests": (_of_administrator(),),
    "administration:request_decide": (_of_administrator("POST"),),
    "administration:access_person": (_of_administrator(),),
    "administration:family": (_of_administrator("POST"),),
    "administration:conflict_end": (_of_administrator("POST"),),
    "administration:view_as": (_of_administrator(),),
    "administration:matrix": (_of_administrator(),),
    "administration:explain": (_of_administrator(),),
    # of administration, area audit
    "administration:records": (_of_administrator(),),
    "administration:record": (_of_administrator(),),
    "administration:record_hold": (_of_administrator("POST", data={"reden": "Woo-verzoek"}),),
    "administration:record_class": (_of_administrator("POST", data={"klasse": "proef", "waarom": "Ander resultaat"}),),
    "administration:record_lift": (_of_administrator("POST"),),
    "administration:destruction": (_of_administrator(), _of_administrator("POST")),
    "administration:destruction_list": (_of_administrator(),),
    "administration:destruction_exclude": (_of_administrator("POST", data={"reden": "Hotspot"}),),
    "administration:destruction_deed": (_of_administrator("POST"),),
    "administration:classes": (
        _of_administrator(),
        _of_administrator("POST", data={"code": "7", "naam": "Zeven", "nominatie": "vernietigen", "termijn": "P7Y"}),
    ),
    "administration:owners": (
        _of_administrator(),
        _of_administrator("POST", data={"van": "team", "naar": "elders", "reden": "Samengevoegd"}),
    ),
    "administration:trail": (_of_administrator(), _of_administrator("POST", data={"wie": "decider"})),
    "administration:chain": (_of_administrator(),),
    "administration:check": (_of_administrator("POST"),),
    # of administration, area running
    # the account of staff
    "people:link_nodig": (_open(), _open("POST")),
    "people:passkey_inlogopties": (_open("POST"),),
    "people:passkey_inloggen": (_open("POST"),),
    "people:sso": (_open(),),
    "people:sso_terug": (_open(),),
    "people:wachtwoord_vergeten": (_open(), _open("POST", wie="bea")),
    "people:link": (_nowhere(),),
    "people:wachtwoord_kiezen": (_nowhere(), _nowhere("POST", nieuw="geen link geopend", herhaal="geen link geopend")),
    "people:account": (_of_staff(),),
    "people:bevestigen": (_of_staff(), _of_staff("POST", wachtwoord="een-lang-wachtwoord-1")),
    "people:wachtwoord_wijzigen": (
        _of_staff(),
        _of_staff("POST", nieuw="kaas brood en boter", herhaal="kaas brood en boter"),
    ),
    "people:app_instellen": (_of_staff(), _of_staff("POST", code="123456")),
    "people:herstelcodes": (_of_staff(), _of_staff("POST")),
    "people:passkey_opties": (_of_staff("POST"),),
    "people:passkey_toevoegen": (_of_staff("POST"),),
    "people:passkey_verwijderen": (Page(frozenset({"handler"}), "POST", "workplace"),),
    "people:sessie_stoppen": (Page(frozenset({"handler"}), "POST", "workplace"),),
    "people:overal_uitloggen": (_of_staff("POST"),),
    "people:afwezig": (_of_staff(), _of_staff("POST", van="{month}", tot="{month}", vervanger="{replacement}")),
    "people:afwezig_intrekken": (Page(frozenset({"handler"}), "POST", "workplace"),),
    "people:gasten": (_of_staff(),),
    "people:gast_verlengen": (Page(frozenset({"handler"}), "POST", "workplace"),),
    "people:gast_stoppen": (Page(frozenset({"handler"}), "POST", "workplace"),),
    # log-in of residents and acting for someone else
    # what residents see of their own data
    "portal:activities": (_open(),),
    "portal:uses": (_of_residents(),),
    "portal:uses_file": (Page(RESIDENTS, "GET", "portal", is_download=True),),
}
API_ROUTES = {
    "zaken-api": ZAKEN_API,
    "catalogi-api": CATALOGI_API,
    "besluiten-api": BESLUITEN_API,
    "notificaties-api": NOTIFICATIES_API,
}
"""Programs' addresses: a token instead of a session. Each operation is tried below."""


# -- The town they try it in ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class World:
    """A zaak with a proposal, a zaak with a letter that was sent, and a draft, all of one resident."""

    people: dict[str, Actor]
    arguments: dict[str, dict[str, Any]]
    other: dict[str, Any]


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.PRACTICE_DATE, settings.DATA_DIR = "2021-05-17", tmp_path
    settings.BRP_URL = settings.KVK_URL = settings.DIGID_ISSUER = "http://127.0.0.1:9"
    settings.OUTSIDE_TIMEOUT_SECONDS = 1
    town, owner = given_town(), given_resident(BSN)
    waiting, sent, plain, opened = (given_application(town) for _ in range(4))
    noticed = given_application(town)
    casework.record_default_notice(noticed.uuid, received=today(), by=town.handler)
    [event] = casework.clock_events_of(noticed.id)
    waits, goes = given_proposal(town, waiting), given_proposal(town, sent)
    casework.approve(goes.uuid, by=town.decider)
    casework.send(goes.uuid, by=town.handler)
    [letter] = messages.messages_of(sent.uuid)
    [receipt] = messages.receipts_of(waiting.uuid)
    mail = OutboundMail.objects.filter(about=waiting.uuid).earliest("pk")
    mail_address = MailAddress.objects.get().uuid
    mail.state = OutboundMail.State.UNKNOWN
    mail.sending_at = mail.queued_at
    mail.save()
    running = _what_an_operator_sees_to()
    draft = forms.start("tozo", by=owner, gathered=forms.Gathered())
    company = people.company_for_kvk("90000013")
    browser = Client()
    given_session(browser, owner)
    address = reverse("forms:step", kwargs={"slug": "tozo", "uuid": draft, "step": "bewijsstukken"})
    browser.post(address, {"_doe": "toevoegen", "bewijsBank": SimpleUploadedFile("stuk.pdf", a_pdf())})
    handed_in = forms.submission(waiting.uuid)
    assert handed_in is not None
    draft_of = {"slug": "tozo", "uuid": draft}
    of_waiting = {"uuid": waiting.uuid}
    reader = town.reader.pk
    assert reader is not None
    vera = _without_rights(town)
    access.declare_conflict(uuid4(), reason="Buren", by=town.reader)
    glass = access.break_glass(opened.uuid, reason="Brand", by=vera)
    [membership] = access.memberships(medewerker_id=reader)
    first = given_staff(access.GrantData("beheer.toegang"), username="bo")
    unit = people.unit_by_code("team")
    assert unit is not None
    asked = access.ask_role(reader, "rol-bo", unit.id, date(2030, 1, 1), None, reason="Nodig", by=first)
    arguments: dict[str, dict[str, Any]] = {
        **{f"administration:{name}": {"code": "rol-roos"} for name in ("role", "role_give", "grant_add")},
        "administration:grant_end": {"grant": access.rights_of(role="rol-roos")[0].id},
        "administration:membership": {"membership": membership.id},
        "administration:request_decide": {"uuid": asked, "deed": "goedkeuren"},
        **{f"administration:{name}": {"medewerker": reader} for name in ("access_person", "family", "view_as")},
        "administration:conflict_end": {"medewerker": reader, "conflict": access.conflicts_of(reader)[0].id},
        "administration:explain": {"uuid": waiting.uuid},
        "workplace:glass_deed": {"uuid": glass, "deed": "gezien"},
        "styleguide_example": {"name": "formulier"},
        "people:start": {"means": "digid"},
        "people:terug": {"means": "digid"},
        "people:afmelden": {"means": "digid"},
        "portal:product": {"slug": "tozo"},
        "portal:case": of_waiting,
        "portal:default_notice": of_waiting,
        "portal:document": {"uuid": sent.uuid, "document": letter.document_uuid},
        "portal:receipt": {**of_waiting, "receipt": receipt.uuid},
        "portal:letter": {"uuid": letter.uuid},
        "portal:letter_pdf": {"uuid": letter.uuid},
        "forms:start": {"slug": "tozo"},
        "forms:step": {**draft_of, "step": "uw-gegevens"},
        "forms:file": {**draft_of, "file": DraftFile.objects.get().uuid},
        "forms:receipt": {"slug": "tozo", "uuid": _draft_of(waiting)},
        **{f"forms:{name}": draft_of for name in ("autosave", "upload", "overview", "throw_away")},
        **{f"workplace:{name}": of_waiting for name in ("term", "default_notice", "objected_decision")},
        **{
            f"workplace:{name}": {"uuid": noticed.uuid, "event": event.id}
            for name in ("correct_event", "withdraw_event")
        },
        "workplace:fact": {"uuid": plain.uuid, "key": "winstPerMaand"},
        "workplace:propose": {"uuid": plain.uuid},
        "workplace:proposal": {**of_waiting, "proposal": waits.uuid},
        "workplace:proposal_pdf": {**of_waiting, "proposal": waits.uuid},
        "workplace:decide": {**of_waiting, "proposal": waits.uuid, "deed": "goedkeuren"},
        "workplace:document": {"uuid": sent.uuid, "document": letter.document_uuid},
        "workplace:settle_mail": {"mail": mail.pk},
        **running,
        **{f"mail:{name}": {"uuid": mail_address} for name in ("confirm", "again", "remove")},
        **{
            f"workplace:{name}": of_waiting
            for name in (
                "zaak",
                "trail",
                "take",
                "release",
                "assign",
                "note",
                "extend",
                "suspend",
                "resume",
                "assess",
                "conflict",
            )
        },
    }
    arguments |= given_records(waiting, plain, by=town.handler)
    arguments |= _of_accounts(town)
    units = (people.create_unit("team", "Team"), people.create_unit("ander", "Ander team"))
    return World(
        people={
            "owner": owner,
            "neighbour": given_resident(OTHER_BSN),
            "company": Actor(kind="company", pk=company, key=f"company:{people.company(company).uuid}", label="Krul"),
            "stranger": vera,
            "reader": town.reader,
            "handler": town.handler,
            "decider": town.decider,
            "administrator": given_staff(
                *(access.GrantData(action) for action in sorted(access.ADMINISTRATION)), username="ada"
            ),
        },
        arguments=arguments,
        other={
            "number": plain.identificatie,
            "zaak": plain.uuid,
            "waiting": waiting.uuid,
            "proposal": waits.uuid,
            "receipt": receipt.uuid,
            "document": letter.document_uuid,
            "sent": sent.uuid,
            "unit": units[0],
            "other_unit": units[1],
            "replacement": given_staff(username="vervanger").pk,
        },
    )


def _what_an_operator_sees_to() -> dict[str, dict[str, Any]]:
    """An alarm of nobody and one in the hands of the administrator, two outages, a failed job, a message given up."""
    moment = now()
    free = Alarm.objects.create(name="free", figure=1, raised_at=moment, seen_at=moment)
    taken = Alarm.objects.create(name="taken", figure=1, raised_at=moment, seen_at=moment, taken_by="staff:ada")
    lasting = outages.record("api", moment - timedelta(hours=1), None, reason="x", by="system")
    past = outages.record("login", moment - timedelta(hours=2), moment - timedelta(hours=1), reason="x", by="system")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) VALUES ('default', 'x', '{}', 'failed') RETURNING id"
        )
        job = cursor.fetchone()[0]
    abonnement = Abonnement.objects.create(callback_url="https://a.example/", auth=b"x")
    message = Notificatie.objects.create(kanaal="zaken", actie="create", aanmaakdatum=moment)
    dead = Delivery.objects.create(
        notificatie=message, abonnement=abonnement, stream="s", state="dead", next_at=moment, finished_at=moment
    )
    return {
        "administration:take_alarm": {"uuid": free.uuid},
        "administration:let_go_alarm": {"uuid": taken.uuid},
        "administration:end_outage": {"uuid": lasting},
        "administration:withdraw_outage": {"uuid": past},
        "administration:settle_job": {"job": job},
        "administration:send_again": {"delivery": dead.pk},
    }


def given_records(held: zaken.ZaakRecord, due: zaken.ZaakRecord, *, by: Actor) -> dict[str, dict[str, Any]]:
    """A record on hold, one on a list of destruction and one that is due; a retention class and a second unit."""
    people.create_unit("elders", "Elders")
    records.define_class("proef", naam="Proef", nominatie="vernietigen", termijn="P1Y", by=by)
    hold = records.hold("zaak", held.uuid, reason="bezwaar", by=by)
    past = {"nominatie": "vernietigen", "destroy_on": date(2020, 1, 1)}
    Record.objects.filter(object_uuid=due.uuid).update(**past)
    draft = records.make_list(by=by, until=date(2020, 3, 31))
    [item] = records.items_of(draft)
    Record.objects.exclude(object_uuid__in=[held.uuid, due.uuid]).update(**past)
    of_due = {"kind": "zaak", "uuid": due.uuid}
    return {
        "administration:record": of_due,
        "administration:record_hold": of_due,
        "administration:record_class": of_due,
        "administration:record_lift": {"hold": hold},
        "administration:destruction_list": {"uuid": draft},
        "administration:destruction_exclude": {"uuid": draft, "item": item.id},
        "administration:destruction_deed": {"uuid": draft, "deed": "goedkeuren"},
    }


def _of_accounts(town: Town) -> dict[str, dict[str, Any]]:
    """Give the handler a passkey, a session elsewhere, an absence and a guest, and somebody an account to look after."""
    me = town.handler.pk
    assert me is not None
    moment = now()
    key = Passkey.objects.create(
        medewerker_id=me, credential_id=b"1", public_key=b"2", name="Laptop", created_at=moment
    )
    elsewhere = LoginSession.objects.create(
        kind="staff", medewerker_id=me, means="password", started_at=moment, last_seen_at=moment,
        ends_at=moment + timedelta(hours=8),
    )  # fmt: skip
    unit = people.create_unit("team", "Team")
    day = date.today() + timedelta(days=100)
    absence = people.add_absence(me, day, day, replacement_id=None, by=town.handler)
    invited = people.NewMedewerker(
        username="gerda", naam="Gerda Gast", email="gerda@partner.example", unit_id=unit, is_guest=True, sponsor_id=me,
        purpose="Project", end=date.today() + timedelta(days=30),
    )  # fmt: skip
    guest = people.account(medewerker_id=people.invite(invited, by=people.SYSTEM)).uuid
    StaffMeans.objects.create(
        medewerker_id=people.account(uuid=guest).id, issuer="https://idp.example", lookup=b"3", created_at=moment,
        last_used_at=moment,
    )  # fmt: skip
    line = people.map_group("sg-oud", "rol-bea", unit, by=people.SYSTEM)
    of_guest, of_unit = {"uuid": guest}, {"code": "team"}
    return {
        "people:passkey_verwijderen": {"uuid": key.uuid},
        "people:sessie_stoppen": {"uuid": elsewhere.pk},
        "people:afwezig_intrekken": {"uuid": absence},
        "people:gast_verlengen": of_guest,
        "people:gast_stoppen": of_guest,
        **{
            f"administration:{name}": {"uuid": people.medewerker(me).uuid}
            for name in ("person", "change_person", "leave", "reset_factor", "end_sessions")
        },
        "administration:invite_again": of_guest,
        "administration:unbind": of_guest,
        "administration:remove_group": {"line": line},
        **{f"administration:{name}": of_unit for name in ("unit", "change_unit", "merge_unit")},
    }


def _draft_of(zaak: zaken.ZaakRecord) -> UUID:
    found: UUID = Submission.objects.get(zaak_uuid=zaak.uuid).draft.uuid
    return found


def _without_rights(town: Town) -> Actor:
    """Somebody who handles another kind of zaak."""
    return given_staff(
        access.GrantData("zaak.lezen", "another-type"),
        access.GrantData("zaak.noodtoegang", max_level=5),
        username="vera",
    )


def browser_of(world: World, persona: str, **options: Any) -> Client:
    browser = Client(**options)
    if persona != "nobody":
        given_session(browser, world.people[persona])
    return browser


# -- Walking ----------------------------------------------------------------------------------------------------------
def routes(patterns: list[Any] | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route with its full name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def stand_of_the_house() -> dict[str, Any]:
    """Return a fingerprint per table of what people must not change by accident: everything but sessions and logs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ "
            "'^(django_|people_loginsession|people_loginattempt|people_totp|audit_processing|kit_storedfile|procrastinate_|access_ratebucket)'"
        )
        tables = sorted(row[0] for row in cursor.fetchall())
        whole = " UNION ALL ".join(
            f"SELECT '{name}', count(*), COALESCE(sum(hashtext(t::text)), 0) FROM \"{name}\" t" for name in tables
        )
        cursor.execute(whole)
        return {row[0]: row[1:] for row in cursor.fetchall()}


def send(browser: Client, world: World, name: str, page: Page) -> HttpResponseBase:
    address = reverse(name, kwargs=world.arguments.get(name, {}))
    soon = date.today().replace(year=date.today().year + 1)
    month = date.today() + timedelta(days=30)
    fill = {
        "{decider}": str(world.people["decider"].pk),
        "{replacement}": str(world.other["replacement"]),
        "{soon}": f"{soon:%d-%m-%Y}",
        "{today}": f"{today():%d-%m-%Y}",
        "{month}": f"{month:%d-%m-%Y}",
        "{unit}": str(world.other["unit"]),
        "{other_unit}": str(world.other["other_unit"]),
        "{number}": world.other["number"],
    }
    data = {key: fill.get(value, value) for key, value in page.data.items()}
    if name == "forms:upload":
        data["file"] = SimpleUploadedFile("meer.pdf", a_pdf())
    return browser.get(address) if page.method == "GET" else browser.post(address, data)


def outcome(answer: HttpResponseBase) -> str:
    location = answer.headers.get("Location", "")
    if answer.status_code == 302 and location.startswith(("/inloggen/?", "/werkplek/inloggen/?")):
        return "log in"
    if answer.status_code in {401, 403, 404, 405} or answer.status_code == 500:
        return str(answer.status_code)
    return "yes"


def expected(page: Page, persona: str) -> set[str]:
    if persona in page.who or persona in page.refused:
        return {"yes"}
    if page.face == "nowhere":
        return {"404"}
    at_home = {"portal": RESIDENTS, "workplace": STAFF, "open": frozenset(PERSONAS)}[page.face]
    return {"404"} if persona in at_home else {"log in", "401"}


def test_every_address_stands_in_the_table() -> None:
    names = [name for name, _ in routes()]
    assert sorted(set(names) - set(API_ROUTES)) == sorted(TABLE)
    assert len(names) == len(set(names))


def test_everybody_gets_of_every_address_what_the_table_says_and_refused_is_unchanged(world: World) -> None:
    faults = []
    for name, pages in TABLE.items():
        for page in pages:
            for persona in PERSONAS:
                browser = browser_of(world, persona)
                before = stand_of_the_house()
                with transaction.atomic():
                    answer = send(browser, world, name, page)
                    changed = [table for table, stand in stand_of_the_house().items() if stand != before[table]]
                    transaction.set_rollback(True)
                got = outcome(answer)
                if got not in expected(page, persona):
                    faults.append(f"{persona} {page.method} {name}: {got} ({answer.status_code})")
                may_change = persona in page.who
                if changed and not may_change:
                    faults.append(f"{persona} {page.method} {name}: changed {changed}")
                is_deed = page.method == "POST" and page.face == "workplace" and name not in WITHOUT_TRACE
                if is_deed and may_change and not changed:
                    faults.append(f"{persona} {name}: should have changed something ({answer.status_code})")
                faults += [
                    f"{persona} {page.method} {name}: {fault}" for fault in faults_of_headers(answer, page, persona)
                ]
    assert not faults, "\n".join(faults)


WITHOUT_TRACE = {
    "workplace:search", "people:werkplek_verlengen", "workplace:release", "workplace:assign", "administration:people",
    "people:bevestigen", "people:app_instellen", "people:passkey_opties", "people:passkey_toevoegen", "people:sessie_stoppen",
    "administration:trail", "administration:check",
}  # fmt: skip
"""Deeds that change nothing but sessions, or nothing with what is posted here."""


def faults_of_headers(answer: HttpResponseBase, page: Page, persona: str) -> Iterator[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        yield f"policy {policy!r}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff" or answer.headers.get("X-Frame-Options") != "DENY":
        yield "nosniff or framing"
    is_served = persona in page.who and page.face != "open" and answer.status_code == 200
    if is_served and "no-store" not in answer.headers.get("Cache-Control", ""):
        yield f"cached: {answer.headers.get('Cache-Control')!r}"
    if is_served and page.is_download:
        if not answer.headers.get("Content-Disposition", "").startswith("attachment"):
            yield "not a download"
        if "sandbox" not in policy:
            yield "download without sandbox"
    for morsel in answer.cookies.values():
        if morsel["max-age"] == 0:  # taken away
            continue
        if not morsel["httponly"] or morsel["samesite"] != "Lax":
            yield f"cookie {morsel.key} {dict(morsel)}"


OF_PROGRAMS = {"people:afmelden"}
"""Called by another system that proves itself with a signed token: no cookie counts there, so no CSRF token either."""


# -- CSRF -------------------------------------------------------------------------------------------------------------
def test_no_form_is_taken_without_a_token_and_only_programs_need_none(world: World) -> None:
    faults = []
    for name, pages in TABLE.items():
        for page in (one for one in pages if one.method == "POST"):
            persona = min(page.who or page.refused or PERSONAS)
            browser = browser_of(world, persona, enforce_csrf_checks=True)
            before = stand_of_the_house()
            with transaction.atomic():
                answer = send(browser, world, name, page)
                refused = 400 if name in OF_PROGRAMS else 403
                if answer.status_code != refused or stand_of_the_house() != before:
                    faults.append(f"{name}: {answer.status_code}")
                transaction.set_rollback(True)
    assert not faults, "\n".join(faults)


# -- Things of somebody else, in an address that is one's own ------------------------------------------------------------
def test_a_thing_of_another_zaak_is_not_there_under_this_one(world: World) -> None:
    other = world.other
    decider, owner = browser_of(world, "decider"), browser_of(world, "owner")
    before = stand_of_the_house()
    for deed in ("goedkeuren", "teruggeven", "intrekken", "versturen"):
        address = reverse("workplace:decide", args=[other["zaak"], other["proposal"], deed])
        assert decider.post(address, {"remark": "x"}).status_code == 404
    for name in ("proposal", "proposal_pdf"):
        assert decider.get(reverse(f"workplace:{name}", args=[other["zaak"], other["proposal"]])).status_code == 404
    assert decider.get(reverse("workplace:document", args=[other["zaak"], other["document"]])).status_code == 404
    assert owner.get(reverse("portal:document", args=[other["zaak"], other["document"]])).status_code == 404
    assert owner.get(reverse("portal:receipt", args=[other["zaak"], other["receipt"]])).status_code == 404
    assert stand_of_the_house() == before


def test_what_does_not_exist_answers_like_what_is_somebody_else_s(world: World) -> None:
    neighbour, stranger = browser_of(world, "neighbour"), browser_of(world, "stranger")
    for name in ("portal:case", "portal:letter", "portal:letter_pdf", "workplace:zaak"):
        browser = stranger if name.startswith("workplace") else neighbour
        theirs = browser.get(reverse(name, kwargs=world.arguments[name]))
        nothing = browser.get(reverse(name, kwargs={"uuid": uuid4()}))
        assert theirs.status_code == nothing.status_code == 404
        assert _words(theirs) == _words(nothing)


def _words(answer: HttpResponseBase) -> str:
    text = getattr(answer, "content", b"").decode()
    return re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}|\w{64}", "", text)


# -- Programs -------------------------------------------------------------------------------------------------------------
OPERATIONS = [
    (api, method, path) for api in API_ROUTES.values() for path, methods in api.operations.items() for method in methods
]


@pytest.mark.parametrize(("api", "method", "path"), OPERATIONS, ids=[f"{m} {p}" for _, m, p in OPERATIONS])
def test_no_operation_of_an_api_opens_without_a_token_with_its_scope(
    world: World, api: Api, method: str, path: str
) -> None:
    address = f"/{api.root}{re.sub(r'{[^}]+}', str(world.other['zaak']), path)}"
    resident, clerk = browser_of(world, "owner"), browser_of(world, "decider")
    component, scope = ("zrc", "zaken.aanmaken") if api.component == "brc" else ("brc", "besluiten.aanmaken")
    access.create_applicatie(
        "ander", ["ander"], SECRET, autorisaties=[access.AutorisatieData(component, (scope,), "x", max_level=8)]
    )
    _, claims, _ = token("ander", SECRET).split(".")
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    unsigned = f"{header}.{claims}."
    tokens = {
        "none": "",
        "unsigned": f"Bearer {unsigned}",
        "another secret": f"Bearer {token('ander', 'een-ander-geheim-van-32-tekens-lang!!')}",
        "unknown": f"Bearer {token('onbekend', SECRET)}",
        "too old": f"Bearer {token('ander', SECRET, iat=1_500_000_000)}",
        "without the scope": f"Bearer {token('ander', SECRET)}",
    }
    # That a secret was used is noted once in ten minutes: let that be before.
    once = {"Authorization": tokens["without the scope"]}
    Client().generic(method, address, "{}", content_type="application/json", headers=once)
    before = stand_of_the_house()
    for name, bearer in tokens.items():
        headers = {"Authorization": bearer} if bearer else {}
        for browser in (Client(), resident, clerk):
            answer = browser.generic(method, address, "{}", content_type="application/json", headers=headers)
            assert answer.status_code == 403, name
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert stand_of_the_house() == before
