"""Every address of the house, tried by everybody. A new address without a line in the table fails here.

The table says what an address asks: an action on the zaak in it, a row of one's own. The guard of the address says for
which face and which area. Who may, is reckoned from the rows by ``plain_rule``. Whoever may not, gets the log-in page, 403
or 404, and nothing has changed afterwards. What programs may, is in ``test_every_operation``.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import BytesIO
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from stadhuis.access import public as access
from stadhuis.access.guards import guarded
from stadhuis.besluiten import public as besluiten
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town, given_application, given_proposal, given_town
from stadhuis.catalogi import public as catalogi
from stadhuis.documenten.tests.givens import given_document
from stadhuis.forms import public as forms
from stadhuis.forms.models import DraftFile, Submission
from stadhuis.forms.tests.given import a_pdf
from stadhuis.kit import outages
from stadhuis.kit.api.endpoint import Api
from stadhuis.kit.models import Alarm
from stadhuis.kit.time import now, today
from stadhuis.messages import public as messages
from stadhuis.messages.models import MailAddress, OutboundMail
from stadhuis.notificaties import public as notificaties
from stadhuis.notificaties.models import Abonnement, Delivery, Notificatie
from stadhuis.people import public as people
from stadhuis.people.models import LoginSession, Passkey, StaffMeans
from stadhuis.people.public import Actor
from stadhuis.people.tests.given import given_session
from stadhuis.records import public as records
from stadhuis.records.models import Record
from stadhuis.workplace.tests.personas import AREAS, BARRED_BSN, different_zaken, residents_of, staff_of
from stadhuis.workplace.tests.plain_rule import PlainRule, Who, rows
from stadhuis.zaken import guards
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import BSN, given_resident, given_staff

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# -- The table --------------------------------------------------------------------------------------------------------
PERSONAS = ("nobody", "owner", "neighbour", "company", "stranger", "reader", "handler", "decider", "administrator")
"""A few of everybody, for walks that take more time per page. All of them stand in ``personas``."""


@dataclass(frozen=True)
class Page:
    """What an address asks with a method, and what is posted. Who may, follows from that and the rows in the database.

    Which face it belongs to and which area of administration it asks, the mark of its guard says.
    """

    method: str = "GET"
    data: dict[str, Any] = field(default_factory=dict)
    sees: tuple[str, ...] = ()
    """Actions on the zaak in the address: without one of them the page is not there."""
    does: str = ""
    """The action that the deed asks besides: without it one is sent back and nothing changes."""
    of: str = "uuid"
    """Where the zaak stands: the name of an argument, or ``table.column`` that leads from that argument to it."""
    own: str = ""
    """``table.argument``: a row that must be one's own."""
    face: str = ""
    """portal or workplace, where no guard says it because the page looks at the session itself."""
    loose: str = ""
    """document or besluit: what is asked belongs to no zaak, and its own type and level count."""
    works: bool = True
    """False: what is asked cannot be done here by anybody, whatever the rights (the page or the deed is not there)."""
    is_download: bool = False


def _open(method: str = "GET", **data: Any) -> Page:
    return Page(method, data)


_of_residents = _of_staff = _open


def _nowhere(method: str = "GET", **data: Any) -> Page:
    """Not there for anybody who did not open a link from a mail."""
    return Page(method, data, works=False)


def _of_owner(own: str, method: str = "GET", **data: Any) -> Page:
    return Page(method, data, own=own)


def _of_draft(method: str = "GET", **data: Any) -> Page:
    return Page(method, data, own="forms_draft.uuid")


def _of_readers(*more: str, **others: Any) -> Page:
    return Page(sees=("zaak.lezen", *more), **others)


def _of_administrator(method: str = "GET", **more: Any) -> Page:
    return Page(method, **more)


def _deed(does: str, *, works: bool = True, **data: Any) -> Page:
    return Page("POST", data, sees=("zaak.lezen",), does=does, works=works)


TABLE: dict[str, tuple[Page, ...]] = {
    "language": (_open(), _open("POST", language="en", next="/contact/")),
    "styleguide": (_open(),),
    "styleguide_example": (_open(),),
    "demo:wie_is_wie": (_open(),),
    # catalogi: the lists, public as at VNG
    "selectielijst:list": (_open(),),
    "selectielijst:one": (_open(),),
    # people
    "people:inloggen": (_open(),),
    "people:ophogen": (Page(face="portal"),),
    "people:start": (_open(),),
    "people:terug": (_open(),),
    "people:afmelden": (_open("POST", logout_token="geen.echt.token"),),
    "people:jwks": (_open(),),
    "people:uitloggen": (_open("POST"),),
    "people:uitgelogd": (_open(),),
    "people:verlengen": (Page("POST", face="portal"),),
    "people:werkplek_inloggen": (_open(), _open("POST", gebruikersnaam="bea", wachtwoord="geraden wachtwoord")),
    "people:werkplek_code": (_open(), _open("POST", code="123456")),
    "people:werkplek_uitloggen": (_open("POST"),),
    "people:werkplek_uitgelogd": (_open(),),
    "people:werkplek_verlengen": (Page("POST", face="workplace"),),
    # portal
    "portal:home": (_open(),),
    "portal:products": (_open(),),
    "portal:product": (_open(),),
    "portal:accessibility": (_open(),),
    "portal:privacy": (_open(),),
    "portal:contact": (_open(),),
    "portal:mine": (_of_residents(),),
    "portal:facts": (_of_residents(),),
    "portal:case": (_of_readers(),),
    "portal:document": (_of_readers("document.lezen", is_download=True),),
    "portal:receipt": (_of_readers(own="town_messages_receipt.receipt"),),
    "portal:default_notice": (_of_readers(), _of_readers(method="POST")),
    "portal:letter": (_of_readers(of="town_messages_message.zaak_uuid", own="town_messages_message.uuid"),),
    "portal:letter_pdf": (_of_readers(of="town_messages_message.zaak_uuid", own="town_messages_message.uuid"),),
    # forms
    "forms:start": (_of_residents(), _of_residents("POST")),
    "forms:step": (_of_draft(), _of_draft("POST", telefoonnummer="06 12345678")),
    "forms:autosave": (_of_draft("POST", _field="telefoonnummer", telefoonnummer="06 87654321"),),
    "forms:upload": (_of_draft("POST", field="bewijsBank"),),
    "forms:file": (Page(own="forms_draft.uuid", is_download=True),),
    "forms:overview": (_of_draft(), _of_draft("POST", naarWaarheid="ja")),
    "forms:receipt": (_of_draft(),),
    "forms:throw_away": (_of_draft(), _of_draft("POST")),
    # administration, the catalogue
    "administration:catalogi": (_of_administrator(),),
    "administration:catalogus": (_of_administrator(),),
    "administration:catalogus_export": (_of_administrator(is_download=True),),
    "administration:catalogus_import": (_of_administrator(), _of_administrator("POST")),
    "administration:versions": (_of_administrator(),),
    "administration:new_version": (_of_administrator("POST", data={"ingang": "{soon}"}),),
    "administration:publish_version": (_of_administrator("POST", data={"ingang": "{soon}"}),),
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
    "administration:subscribers": (_of_administrator(),),
    "administration:subscriber_again": (_of_administrator("POST"),),
    "administration:subscriber_end": (_of_administrator(), _of_administrator("POST")),
    "administration:incomplete_types": (_of_administrator(),),
    # messages: mail addresses of residents
    "mail:addresses": (_of_residents(), _of_residents("POST", emailadres="ander@example.org")),
    "mail:confirm": (_of_owner("town_messages_mailaddress.uuid", "POST", code="000000"),),
    "mail:again": (_of_owner("town_messages_mailaddress.uuid", "POST"),),
    "mail:remove": (_of_owner("town_messages_mailaddress.uuid", "POST"),),
    # workplace
    "workplace:worklist": (_of_staff(),),
    "workplace:search": (_of_staff(), _of_staff("POST", q="Verhagen")),
    "workplace:zaak": (_of_readers(),),
    "workplace:loose_document": (Page(loose="document", is_download=True),),
    "workplace:loose_besluit": (Page(loose="besluit"),),
    "workplace:trail": (_of_readers("audittrail.lezen"),),
    "workplace:conflict": (
        _of_readers(),
        _of_readers(method="POST", data={"reden": "Mijn buurman."}),
    ),
    "workplace:glass": (
        _of_staff(),
        Page("POST", {"nummer": "{number}", "reden": "Brand."}, does="zaak.noodtoegang", of="number"),
    ),
    "workplace:glass_deed": (Page("POST", sees=("zaak.verdelen",), of="access_breakglass.zaak_uuid"),),
    "workplace:take": (_deed("zaak.behandelen"),),
    "workplace:release": (_deed("zaak.behandelen"),),
    "workplace:assign": (_deed("zaak.verdelen", medewerker="{decider}"),),
    "workplace:to_unit": (_of_readers(), _deed("zaak.verdelen", team="{other_unit}", reden="Hoort daar.")),
    "workplace:note": (_deed("zaak.behandelen", tekst="Gebeld."),),
    "workplace:extend": (_of_readers(), _deed("zaak.behandelen", weken="2", reden="Druk.")),
    "workplace:suspend": (
        _of_readers(),
        _deed("zaak.behandelen", grond="invited_to_supplement", tot="{soon}", reden="Er mist een stuk."),
    ),
    "workplace:resume": (_deed("zaak.behandelen", works=False),),  # nothing stands still here: nobody can
    "workplace:term": (_of_readers(),),
    "workplace:default_notice": (_of_readers(), _deed("zaak.behandelen", op="{today}", reden="Brief")),
    "workplace:objected_decision": (
        _of_readers(),
        _deed("zaak.behandelen", works=False, op="{today}"),
    ),  # no bezwaar: nobody can
    "workplace:correct_event": (_of_readers(), _deed("zaak.behandelen", op="{today}", reden="Verkeerde dag")),
    "workplace:withdraw_event": (_of_readers(), _deed("zaak.behandelen", reden="Verkeerde zaak")),
    "workplace:fact": (_of_readers(), _deed("zaak.behandelen", winstPerMaand="400", bron="Boekhouding")),
    "workplace:assess": (_deed("zaak.behandelen"),),
    "workplace:propose": (_of_readers(), _deed("zaak.behandelen", outcome="afwijzen", reasons="Daarom.")),
    "workplace:proposal": (_of_readers(),),
    "workplace:proposal_pdf": (_of_readers(),),
    "workplace:decide": (_deed("zaak.besluiten", remark="Akkoord"),),
    "workplace:document": (_of_readers("document.lezen", is_download=True),),
    "workplace:mails": (_of_staff(),),
    "workplace:settle_mail": (
        Page(
            "POST",
            {"deed": "again"},
            sees=("zaak.lezen",),
            does="zaak.behandelen",
            of="town_messages_outboundmail.about",
        ),
    ),
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
    "administration:link_person": (_of_administrator(), _of_administrator("POST", data={"deed": "loskoppelen"})),
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
    "administration:barred": (
        _of_administrator(),
        _of_administrator("POST", data={"bsn": "999992697", "reden": "Bedreigd"}),
    ),
    "administration:barred_deed": (_of_administrator("POST", data={"reden": "Voorbij"}),),
    "administration:explain": (_of_administrator(),),
    # of administration, area applications
    "administration:applications": (_of_administrator(),),
    "administration:connect": (
        _of_administrator(),
        _of_administrator(
            "POST", data={"naam": "Nieuw", "client_id": "nieuw", "omvang": "alles", "stap": "aansluiten"}
        ),
    ),
    "administration:application": (_of_administrator(),),
    "administration:application_calls": (_of_administrator(),),
    "administration:application_rights": (
        _of_administrator(),
        _of_administrator(
            "POST", data={"naam": "Taken", "omvang": "kies", "ztc-set": "lezen", "stap": "opslaan", "was": "{seal}"}
        ),
    ),
    "administration:secret_new": (_of_administrator("POST", data={"client_id": "taken"}),),
    "administration:secret_drop": (
        _of_administrator("POST", data={"client_id": "taken", "plaats": "1", "zeker": "ja"}),
    ),
    "administration:try_connection": (_of_administrator("POST", data={"client_id": "taken"}),),
    "administration:disconnect": (_of_administrator(), _of_administrator("POST")),
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
    "people:sso_afmelden": (_open("POST", logout_token="geen.echt.token"),),
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
    "people:passkey_verwijderen": (_of_owner("people_passkey.uuid", "POST"),),
    "people:sessie_stoppen": (_of_owner("people_loginsession.uuid", "POST"),),
    "people:overal_uitloggen": (_of_staff("POST"),),
    "people:afwezig": (_of_staff(), _of_staff("POST", van="{month}", tot="{month}", vervanger="{replacement}")),
    "people:afwezig_intrekken": (_of_owner("people_absence.uuid", "POST"),),
    "people:gasten": (_of_staff(),),
    "people:gast_verlengen": (_of_owner("people_medewerker.uuid", "POST"),),
    "people:gast_stoppen": (_of_owner("people_medewerker.uuid", "POST"),),
    # log-in of residents and acting for someone else
    # what residents see of their own data
    "portal:activities": (_open(),),
    "portal:uses": (_of_residents(),),
    "portal:uses_file": (Page(is_download=True),),
}


def routes(patterns: list[Any] | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route with its full name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


API_ROUTES: dict[str, Api] = {
    name: pattern.callback.api  # type: ignore[attr-defined]
    for name, pattern in routes()
    if isinstance(getattr(pattern.callback, "api", None), Api)
}
"""Programs' addresses: a token instead of a session. ``test_every_operation`` tries each of their operations."""
OPERATIONS = [
    (api, method, path) for api in API_ROUTES.values() for path, methods in api.operations.items() for method in methods
]


# -- The town they try it in ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class World:
    """A zaak with a proposal, a zaak with a letter that was sent, and a draft, all of one resident."""

    people: dict[str, Actor]
    zaken: tuple[zaken.ZaakRecord, ...]
    """Zaken that differ in what the access rule asks."""
    arguments: dict[str, dict[str, Any]]
    other: dict[str, Any]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """The town, built once for a file in a transaction that is never committed; each test rolls back what it did."""
    nowhere = "http://127.0.0.1:9"
    with (
        django_db_blocker.unblock(),
        override_settings(
            PRACTICE_DATE="2021-05-17", DATA_DIR=tmp_path_factory.mktemp("town"), BRP_URL=nowhere, KVK_URL=nowhere,
            DIGID_ISSUER=nowhere, OUTSIDE_TIMEOUT_SECONDS=1,
        ),
        transaction.atomic(),
    ):  # fmt: skip
        yield _build()
        transaction.set_rollback(True)


def _build() -> World:
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
    bar = access.bar_person(people.person_for_bsn(BARRED_BSN), reason="Bedreigd", ends_on=None, by=first)
    cat = catalogi.catalogi()[0]
    catalogi.build(
        {
            "domein": cat.domein,
            "rsin": cat.rsin,
            "informatieobjecttypen": [{"omschrijving": "Nog niet", "concept": True}],
        }
    )
    [concept] = catalogi.versions(cat.uuid, of=("informatieobjecttypen", "Nog niet"))
    of_tozo = {"catalogus": cat.uuid, "kind": "zaaktypen", "version": town.zaaktype.uuid}
    kanaal = uuid4()
    catalogi.import_selectielijst(
        {"lijst": [{"url": str(kanaal), "naam": "Balie", "omschrijving": "Aan de balie van het stadhuis"}]}
    )
    of_application, seal = _an_application(first)
    arguments: dict[str, dict[str, Any]] = {
        **{f"administration:{name}": {"catalogus": cat.uuid} for name in ("catalogus", "catalogus_export")},
        **{f"administration:{name}": of_tozo for name in ("versions", "new_version")},
        "administration:publish_version": {"catalogus": cat.uuid, "kind": concept.kind, "version": concept.uuid},
        "selectielijst:list": {"path": "communicatiekanalen"},
        "selectielijst:one": {"path": "communicatiekanalen", "uuid": kanaal},
        **{f"administration:{name}": {"code": "rol-roos"} for name in ("role", "role_give", "grant_add")},
        "administration:grant_end": {"grant": access.rights_of(role="rol-roos")[0].id},
        "administration:membership": {"membership": membership.id},
        "administration:request_decide": {"uuid": asked, "deed": "goedkeuren"},
        **{f"administration:{name}": {"medewerker": reader} for name in ("access_person", "family", "view_as")},
        "administration:conflict_end": {"medewerker": reader, "conflict": access.conflicts_of(reader)[0].id},
        "administration:explain": {"uuid": waiting.uuid},
        "administration:barred_deed": {"uuid": bar, "deed": "vragen"},
        **of_application,
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
        **_of_no_zaak(town),
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
                "to_unit",
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
        people={**residents_of(owner), "stranger": vera, **staff_of(town, owner, waiting.uuid)},
        zaken=tuple(different_zaken(town, waiting)),
        arguments=arguments,
        other={
            "number": plain.identificatie,
            "seal": seal,
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


def _an_application(by: Actor) -> tuple[dict[str, dict[str, Any]], str]:
    """An application with one secret, for the pages about it; and what says that it is as it was."""
    pk = access.create_applicatie("Taken", ["taken"], "geheim-van-de-taken-0123456789-abc", True)
    found = access.applicatie_by_id(pk)
    assert found is not None
    names = ("application", "application_calls", "application_rights", "secret_new", "secret_drop", "try_connection", "disconnect")  # fmt: skip
    return {f"administration:{name}": {"uuid": found.uuid} for name in names}, _seal_of(found.uuid, by)


def _seal_of(applicatie: UUID, by: Actor) -> str:
    browser = Client()
    given_session(browser, by)
    page = browser.get(reverse("administration:application_rights", args=[applicatie])).content.decode()
    found = re.search(r'name="was" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def _of_no_zaak(town: Town) -> dict[str, dict[str, Any]]:
    """A document and a besluit that belong to no zaak."""
    besluit = besluiten.create_besluit(
        besluiten.NewBesluit(
            besluittype_id=town.zaaktype.besluittypen[0].id, zaak_id=None, datum=today(), ingangsdatum=today()
        ),
        by=people.SYSTEM,
    )
    document = given_document(titel="Aanwijzingsbesluit", vertrouwelijkheidaanduiding="zaakvertrouwelijk")
    return {"workplace:loose_document": {"uuid": document.uuid}, "workplace:loose_besluit": {"uuid": besluit.uuid}}


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
    abonnement = Abonnement.objects.get(
        uuid=notificaties.create_abonnement("https://a.example/", "Bearer x", [("zaken", {})])
    )
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
        "administration:subscriber_again": {"uuid": abonnement.uuid},
        "administration:subscriber_end": {"uuid": abonnement.uuid},
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
            for name in ("person", "change_person", "leave", "reset_factor", "link_person", "end_sessions")
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


# -- What changed -----------------------------------------------------------------------------------------------------
NOT_LOOKED_AT = r"^(django_|people_loginsession|people_loginattempt|people_totp|audit_processing|kit_storedfile|procrastinate_|access_ratebucket|access_lastcall)"
"""Sessions and logs."""


class House:
    """What people must not change by accident: every table but sessions and logs, and whether it is as it was."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ %s", [NOT_LOOKED_AT]
            )
            self.before = self._prints(sorted(row[0] for row in cursor.fetchall()))
        self.written = self._written()

    @staticmethod
    def _prints(tables: list[str]) -> dict[str, tuple[Any, ...]]:
        if not tables:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{name}', count(*), COALESCE(sum(hashtext(t::text)), 0) FROM \"{name}\" t"
                    for name in tables
                )
            )
            return {row[0]: row[1:] for row in cursor.fetchall()}

    @staticmethod
    def _written() -> dict[str, int]:
        """Return how many rows of each table were written in this transaction, taken back or not."""
        with connection.cursor() as cursor:
            # The columns of pg_stat_xact_user_tables that are asked: the view counts hundreds of indexes besides.
            cursor.execute(
                "SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
                " + pg_stat_get_xact_tuples_deleted(oid)"
                " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            return dict(cursor.fetchall())

    def changed(self) -> list[str]:
        """Return the tables that are not as they were; only those that were written to are read again."""
        written = self._written()
        touched = sorted(name for name in self.before if written.get(name, 0) != self.written.get(name, 0))
        self.written = written
        now = self._prints(touched)
        return [name for name in touched if now[name] != self.before[name]]


def a_catalogus() -> bytes:
    """Return an export of an empty catalogue that is not here yet."""
    row = {"url": "https://x.example/1", "domein": "NIEUW", "rsin": "807287684", "contactpersoon_beheer_naam": "Ada"}
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Catalogus.json", json.dumps([row]))
    return target.getvalue()


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
        "{seal}": world.other["seal"],
    }
    data = {key: fill.get(value, value) for key, value in page.data.items()}
    if name == "administration:catalogus_import":
        data["bestand"] = SimpleUploadedFile("catalogus.zip", a_catalogus())
    if name == "forms:upload":
        data["file"] = SimpleUploadedFile("meer.pdf", a_pdf())
    return browser.get(address) if page.method == "GET" else browser.post(address, data)


# -- What is expected ---------------------------------------------------------------------------------------------------
def outcome(answer: HttpResponseBase) -> str:
    location = answer.headers.get("Location", "")
    if answer.status_code == 302 and location.startswith(
        ("/inloggen/?", "/werkplek/inloggen/?", "/werkplek/uitgelogd/?")
    ):
        return "log in"
    if answer.status_code == 302 and location.startswith("/inloggen/ophogen/?"):
        return "higher level"
    if answer.status_code in {401, 403, 404, 405} or answer.status_code == 500:
        return str(answer.status_code)
    return "yes"


ORDER_OF_LEVELS = ("", "low", "substantial", "high")


def said_by(callback: Any, name: str, default: Any = None) -> Any:
    """Return what a guard wrote on a view, also below decorators that came later."""
    while callback is not None:
        found = getattr(callback, name, None)
        if found is not None:
            return found
        callback = getattr(callback, "__wrapped__", None)
    return default


def mark_of(callback: Any) -> str:
    """Return the mark of a guard; "" when there is none."""
    return str(said_by(callback, "guarded_by", ""))


@dataclass(frozen=True)
class Guard:
    """What the guard of an address says: for which face, and what more it asks."""

    face: str
    """open, portal, workplace or administration."""
    area: str = ""
    level: str = "low"
    service: str | None = None

    @classmethod
    def of(cls, callback: Any, page: Page, arguments: dict[str, Any]) -> Guard:
        """Return what the marks of a view say; where there is none, the page itself says which face it looks at."""
        mark = mark_of(callback)
        if mark.startswith("administrator"):
            return cls("administration", area=mark.removeprefix("administrator").strip())
        level, service = said_by(callback, "needed_level", "low"), said_by(callback, "needed_service")
        return cls(
            {"resident": "portal", "staff": "workplace"}.get(mark, page.face or "open"),
            level=level(**arguments) if callable(level) else level,
            service=service(**arguments) if service else None,
        )


@dataclass(frozen=True)
class Expected:
    """What somebody gets, and whether something may change by it."""

    outcome: str
    may_change: bool = False


def zaak_in(page: Page, key: dict[str, Any], world: World) -> UUID:
    """Return the zaak an address is about."""
    if page.of == "number":
        return next(
            UUID(str(row["uuid"])) for row in rows("zaken_zaak") if row["identificatie"] == world.other["number"]
        )
    if "." not in page.of:
        return UUID(str(key[page.of]))
    table, column = page.of.split(".")
    [value] = key.values() if len(key) == 1 else [key["uuid"]]
    [found] = [row for row in rows(table) if str(value) in {str(row.get("uuid")), str(row["id"])}]
    return UUID(str(found[column]))


def expect(page: Page, guard: Guard, who: Who, rule: PlainRule, key: dict[str, Any], world: World) -> Expected:
    """Return what somebody gets of an address, reckoned from the rows in the database."""
    if guard.face == "open":
        return Expected("yes", may_change=True) if page.works else Expected("404")
    at_home = ("resident", "company") if guard.face == "portal" else ("staff",)
    if who.kind not in at_home or (who.kind == "staff" and not rule.works_here(who)):
        return Expected("log in")
    if guard.face == "administration":
        areas = rule.administers(who)
        return Expected("yes", may_change=page.works) if areas and guard.area in ("", *areas) else Expected("404")
    if guard.face == "portal" and ORDER_OF_LEVELS.index(who.level) < ORDER_OF_LEVELS.index(guard.level):
        return Expected("higher level")
    if guard.service is not None and who.services and guard.service not in who.services:
        return Expected("403")
    if page.own:
        table, argument = page.own.split(".")
        if not rule.owns(who, table, key[argument]):
            return Expected("404")
    if page.loose:
        return Expected("yes", may_change=True) if rule.may_loose(who, page.loose, key["uuid"]) else Expected("404")
    zaak = zaak_in(page, key, world) if page.sees or page.does else None
    for action in page.sees:
        assert zaak is not None
        is_document = action == "document.lezen"
        if not (rule.may_open(who, zaak, key["document"]) if is_document else rule.may(who, action, zaak)):
            return Expected("404")
    if page.does and zaak is not None and not rule.may(who, page.does, zaak):
        return Expected("yes")
    return Expected("yes", may_change=page.works)


def those_who_matter(page: Page, guard: Guard, world: World) -> list[str]:
    """Return the personas between whom an address can make a difference, and one of each other kind."""
    staff = [name for name, actor in world.people.items() if actor.kind == "staff"]
    if guard.face == "open":
        return ["nobody", "owner", "reader"]
    if guard.face == "portal":
        return ["nobody", "reader", *(name for name, actor in world.people.items() if actor.kind != "staff")]
    if guard.face == "administration":
        return ["nobody", "owner", "reader", *(name for name in staff if "admin" in name), *AREAS.values()]
    return [
        "nobody",
        "owner",
        *(staff if page.sees or page.does or page.loose else ["stranger", "handler", "no role", "has left"]),
    ]


def faults_of_pages(
    world: World, table: dict[str, tuple[Page, ...]], *, only: frozenset[str] = frozenset()
) -> list[str]:
    """Walk through addresses as everybody who matters; return what is otherwise than the rows say."""
    views = {name: pattern.callback for name, pattern in routes()}
    rule, house = PlainRule(), House()
    keys = {name: browser_of(world, name).cookies for name in ("nobody", *world.people)}
    house.changed()
    faults = []
    for name, pages in table.items():
        for page in pages:
            key = world.arguments.get(name, {})
            guard = Guard.of(views[name], page, key)
            for persona in those_who_matter(page, guard, world):
                wanted = expect(page, guard, Who.of(world.people.get(persona)), rule, key, world)
                browser = Client()
                browser.cookies.load(keys[persona].output(header="", sep=";"))
                with transaction.atomic():
                    answer = send(browser, world, name, page)
                    changed = house.changed()
                    transaction.set_rollback(True)
                at = f"{persona}: {page.method} {name} {key or ''}"
                got = outcome(answer).replace("401", "log in")
                if got != wanted.outcome:
                    asked = " ".join(filter(None, [guard.face, guard.area, *page.sees, page.does, page.own]))
                    faults.append(f"{at} asks {asked}: expected {wanted.outcome}, got {got} ({answer.status_code})")
                if changed and not wanted.may_change:
                    faults.append(f"{at}: expected no change, got {changed}")
                is_deed = page.method == "POST" and guard.face in ("workplace", "administration")
                if is_deed and name not in WITHOUT_TRACE and wanted.may_change and not changed:
                    faults.append(f"{at}: expected a change, got none ({answer.status_code})")
                is_served = wanted.outcome == "yes" and guard.face != "open" and answer.status_code == 200
                faults += [f"{at}: {fault}" for fault in faults_of_headers(answer, is_served, page.is_download)]
    return faults


WITHOUT_TRACE = {
    "workplace:search", "people:werkplek_verlengen", "workplace:release", "workplace:assign", "administration:people",
    "people:bevestigen", "people:app_instellen", "people:passkey_opties", "people:passkey_toevoegen", "people:sessie_stoppen",
    "administration:trail", "administration:check", "administration:let_go_alarm",
}  # fmt: skip
"""Deeds that change nothing but sessions, or nothing with what is posted here."""


def faults_of_headers(answer: HttpResponseBase, is_served: bool, is_download: bool) -> Iterator[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy or "unsafe" in policy:
        yield f"policy {policy!r}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff" or answer.headers.get("X-Frame-Options") != "DENY":
        yield "nosniff or framing"
    if is_served and "no-store" not in answer.headers.get("Cache-Control", ""):
        yield f"cached: {answer.headers.get('Cache-Control')!r}"
    if is_served and is_download:
        if not answer.headers.get("Content-Disposition", "").startswith("attachment"):
            yield "not a download"
        if "sandbox" not in policy:
            yield "download without sandbox"
    for morsel in answer.cookies.values():
        if morsel["max-age"] == 0:  # taken away
            continue
        if not morsel["httponly"] or morsel["samesite"] != "Lax":
            yield f"cookie {morsel.key} {dict(morsel)}"


# -- The matrix -------------------------------------------------------------------------------------------------------
def not_in_the_table() -> list[str]:
    """Return the addresses of the house without a line, and the lines without an address."""
    return sorted({name for name, _ in routes()} - set(API_ROUTES) ^ set(TABLE))


def test_every_address_stands_in_the_table() -> None:
    names = [name for name, _ in routes()]
    assert not_in_the_table() == []
    assert len(names) == len(set(names))


def test_everybody_gets_of_every_address_what_the_rows_say_and_refused_is_unchanged(world: World) -> None:
    faults = faults_of_pages(world, TABLE)
    assert not faults, "\n".join(faults)


# -- Zaken that differ ------------------------------------------------------------------------------------------------
def faults_of_zaken(world: World, personas: Iterable[str]) -> list[str]:
    """Open the pages of zaken that differ; return what is otherwise than the rows say."""
    views = {name: pattern.callback for name, pattern in routes()}
    rule, faults = PlainRule(), []
    asked = {"workplace:zaak": world.zaken, "workplace:trail": world.zaken[-4:], "portal:case": world.zaken}
    for persona in personas:
        browser, who = browser_of(world, persona), Who.of(world.people[persona])
        for name, several in asked.items():
            [page] = TABLE[name]
            guard = Guard.of(views[name], page, {})
            for zaak in several:
                key = {"uuid": zaak.uuid}
                expected = expect(page, guard, who, rule, key, world).outcome
                if expected == "log in":
                    continue  # tried above
                with transaction.atomic():
                    answer = browser.get(reverse(name, kwargs=key))
                    transaction.set_rollback(True)
                if outcome(answer) != expected:
                    faults.append(
                        f"{persona}: GET {name}, {zaak.omschrijving} ({zaak.zaaktype_ref}, level"
                        f" {zaak.vertrouwelijkheid_orde}): expected {expected}, got {outcome(answer)}"
                    )
    return faults


def faults_of_lists(world: World) -> list[str]:
    """Ask the lists and the search of both faces; exactly the zaken that the rows say must appear."""
    rule, faults = PlainRule(), []
    every = {row["identificatie"]: uuid for uuid, row in rule.zaken.items()}
    differ = {zaak.identificatie for zaak in world.zaken}
    administrator = browser_of(world, "administrator")
    for persona, actor in world.people.items():
        browser, who = browser_of(world, persona), Who.of(actor)
        visible = {number for number, uuid in every.items() if rule.may(who, "zaak.lezen", uuid)}
        is_open = {number for number in visible if rule.zaken[every[number]]["einddatum"] is None}
        if actor.kind != "staff":
            asked = [("Mijn zaken", browser.get("/mijn/"), visible)]
        elif rule.works_here(who):
            asked = [
                ("the worklist", browser.get("/werkplek/?lijst=all"), is_open),
                ("search by a word", browser.post("/werkplek/zoeken/", {"q": "matrixwoord"}), visible & differ),
                *(
                    (f"search by number {number}", browser.post("/werkplek/zoeken/", {"q": number}), visible & {number})
                    for number in sorted(differ)[-4:]
                ),
            ]
        else:
            asked = []
        if actor.kind == "staff":  # what an administrator is shown of it
            address = reverse("administration:view_as", args=[actor.pk])
            told = administrator.get(address).context["cijfers"][0]["value"]
            if told != len(is_open):
                faults.append(f"administrator: view as {persona}: expected {len(is_open)} open zaken, got {told}")
        for name, answer, wanted in asked:
            text = re.sub(r'value="[^"]*"', "", answer.content.decode())
            shown = {number for number in every if number in text}
            if shown != wanted:
                faults.append(
                    f"{persona}: {name}: expected {sorted(wanted)}, too many {sorted(shown - wanted)},"
                    f" missing {sorted(wanted - shown)}"
                )
    return faults


def test_of_zaken_that_differ_everybody_opens_those_that_the_rows_say(world: World) -> None:
    faults = faults_of_zaken(world, world.people)
    assert not faults, "\n".join(faults)


def test_lists_and_search_show_exactly_the_zaken_that_the_rows_say(world: World) -> None:
    faults = faults_of_lists(world)
    assert not faults, "\n".join(faults)


def test_asked_for_all_staff_at_once_the_answer_is_what_the_rows_say_of_each(world: World) -> None:
    staff = {actor.pk: Who.of(actor) for actor in world.people.values() if actor.kind == "staff" and actor.pk}
    rule, answers = PlainRule(), set()
    for zaak in world.zaken:
        for action in ("zaak.lezen", "zaak.behandelen", "zaak.besluiten", "zaak.verdelen"):
            with CaptureQueriesContext(connection) as asked:
                able = casework.who_may(staff, action, zaak)
            assert len(asked) <= 2
            assert able == {pk for pk, who in staff.items() if rule.may(who, action, zaak.uuid)}, (action, zaak)
            answers.add(able)
    # then: the zaken differ in who may, so that an answer that looks at no zaak is found
    assert len(answers) > 8


# -- The matrix can fail ----------------------------------------------------------------------------------------------
def test_an_address_without_a_guard_is_found(world: World, settings: Any) -> None:
    # given: a page of a zaak that forgot its guard
    planted = ModuleType("planted_urls")
    view = lambda request, uuid: HttpResponse("de hele zaak")  # noqa: E731
    planted.urlpatterns = [*get_resolver().url_patterns, path("gepland/<uuid:uuid>/", view, name="planted")]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = planted
    key = {"uuid": world.other["waiting"]}
    # then it must be written in the table
    assert not_in_the_table() == ["planted"]
    # and once it is, everybody gets in who should not
    line: dict[str, tuple[Page, ...]] = {"planted": (Page(sees=("zaak.lezen",), face="workplace"),)}
    faults = faults_of_pages(replace(world, arguments={"planted": key}), line)
    assert f"nobody: GET planted {key} asks workplace zaak.lezen: expected log in, got yes (200)" in faults
    assert f"no role: GET planted {key} asks workplace zaak.lezen: expected 404, got yes (200)" in faults
    assert not [fault for fault in faults if fault.startswith("reader: GET") and "expected 404" in fault]


@pytest.mark.parametrize(
    ("wrong", "personas", "found"),
    [
        ({"own_sql": "TRUE"}, ("neighbour",), "Matrixwoord of the owner"),
        (
            {"involved_sql": "{alias}.id = -1"},
            ("oneself in the zaak", "family in the zaak"),
            "Matrixwoord of the owner",
        ),
        ({"involved_sql": "{alias}.id = -1"}, ("everything", "reader"), "Matrixwoord of a barred person"),
        ({"level_column": "id * 0"}, ("one level too low",), "Matrixwoord geheim"),
        (
            {"unit_sql": "SELECT code FROM people_unit"},
            ("of the unit of the zaken", "of the unit above"),
            "Matrixwoord of another unit",
        ),
    ],
)
def test_a_wrong_rule_is_found(world: World, wrong: dict[str, str], personas: tuple[str, ...], found: str) -> None:
    right = guarded("zaak")
    given = {
        name: getattr(right, name)
        for name in ("own_sql", "involved_sql", "level_column", "table", "case_sql", "unit_sql")
    }
    access.register_guarded("zaak", **{**given, **wrong})
    try:
        faults = faults_of_zaken(world, personas)
    finally:
        guards.register()
    for persona in personas:
        assert [one for one in faults if one.startswith(f"{persona}: ") and found in one and one.endswith("got yes")], (
            "\n".join(faults)
        )
    assert faults_of_zaken(world, personas) == []


OF_PROGRAMS = {"people:afmelden", "people:sso_afmelden"}
"""Called by another system that proves itself with a signed token: no cookie counts there, so no CSRF token either."""


# -- CSRF -------------------------------------------------------------------------------------------------------------
def test_no_form_is_taken_without_a_token_and_only_programs_need_none(world: World) -> None:
    views = {name: pattern.callback for name, pattern in routes()}
    rule, house, faults = PlainRule(), House(), []
    for name, pages in TABLE.items():
        for page in (one for one in pages if one.method == "POST"):
            key = world.arguments.get(name, {})
            guard = Guard.of(views[name], page, key)
            people = those_who_matter(page, guard, world)
            by_right = [
                one for one in people if expect(page, guard, Who.of(world.people.get(one)), rule, key, world).may_change
            ]
            browser = browser_of(world, (by_right or people)[0], enforce_csrf_checks=True)
            with transaction.atomic():
                answer = send(browser, world, name, page)
                refused = 400 if name in OF_PROGRAMS else 403
                if answer.status_code != refused or house.changed():
                    faults.append(f"{name}: {answer.status_code}")
                transaction.set_rollback(True)
    assert not faults, "\n".join(faults)


# -- Things of somebody else, in an address that is one's own ------------------------------------------------------------
def test_a_thing_of_another_zaak_is_not_there_under_this_one(world: World) -> None:
    other = world.other
    decider, owner = browser_of(world, "decider"), browser_of(world, "owner")
    house = House()
    for deed in ("goedkeuren", "teruggeven", "intrekken", "versturen"):
        address = reverse("workplace:decide", args=[other["zaak"], other["proposal"], deed])
        assert decider.post(address, {"remark": "x"}).status_code == 404
    for name in ("proposal", "proposal_pdf"):
        assert decider.get(reverse(f"workplace:{name}", args=[other["zaak"], other["proposal"]])).status_code == 404
    assert decider.get(reverse("workplace:document", args=[other["zaak"], other["document"]])).status_code == 404
    assert owner.get(reverse("portal:document", args=[other["zaak"], other["document"]])).status_code == 404
    assert owner.get(reverse("portal:receipt", args=[other["zaak"], other["receipt"]])).status_code == 404
    assert house.changed() == []


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
