"""Getting to know people: persons, companies, units, staff. All race-safe: two requests at once make one row."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from stadhuis.kit.crypto import encrypt, lookup_hashes
from stadhuis.kit.time import now, today
from stadhuis.people.actor import SYSTEM, Actor
from stadhuis.people.errors import InvalidKvk, NotKnown, PeopleError, WrongInput
from stadhuis.people.facts import ACCOUNT_CHANGED, UNIT_MERGED, AccountChanged, UnitMerged
from stadhuis.people.models import (
    Company,
    CompanyMeans,
    GroupRole,
    LoginSession,
    Medewerker,
    Person,
    PersonBsn,
    PersonMeans,
    Placement,
    Representative,
    Totp,
    Unit,
    UnitPeriod,
)
from stadhuis.people.reads import bsn_lookup, find_person, units_below
from stadhuis.people.rules import is_kvk

FIRST_DAY = date(2000, 1, 1)


def person_for_bsn(bsn: str) -> int:
    """Return the id of the person with this BSN; an unknown person is added. Raises ``InvalidBsn``."""
    known = find_person(bsn)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            person = Person.objects.create()
            PersonBsn.objects.create(person=person, cipher=encrypt(bsn, about=str(person.uuid)), lookup=bsn_lookup(bsn))
    except IntegrityError:
        # Somebody else was first; their transaction has been committed by now, or the constraint would have waited.
        known = find_person(bsn)
        if known is None:
            raise
        return known
    return person.pk


def person_for_means(issuer: str, subject: str) -> int:
    """Return the id of the person whom a provider knows by ``subject``, without a BSN (eIDAS); unknown ones are added."""
    lookups = lookup_hashes(f"{issuer}|{subject}", about="means")
    known = PersonMeans.objects.select_related("person").filter(issuer=issuer, lookup__in=lookups).first()
    if known is not None:
        if known.cipher is None or bytes(known.lookup) != lookups[0]:
            _hash_anew(known, subject, lookups[0], about=f"means:{known.person.uuid}")
        return known.person_id
    try:
        with transaction.atomic():
            person = Person.objects.create()
            PersonMeans.objects.create(
                person=person, issuer=issuer, lookup=lookups[0], cipher=encrypt(subject, about=f"means:{person.uuid}")
            )
    except IntegrityError:
        return PersonMeans.objects.get(issuer=issuer, lookup=lookups[0]).person_id
    return person.pk


def _hash_anew(row: PersonMeans | CompanyMeans | Representative, subject: str, lookup: bytes, *, about: str) -> None:
    """Bring a row in line with the key of now, while the subject is at hand."""
    type(row)._default_manager.filter(pk=row.pk).update(lookup=lookup, cipher=encrypt(subject, about=about))


def company_for_kvk(kvk_nummer: str, *, naam: str = "", rsin: str | None = None) -> int:
    """Return the id of the company; an unknown one is added, a name or RSIN that was not known yet is filled in.

    Raises ``InvalidKvk``.
    """
    if not is_kvk(kvk_nummer):
        raise InvalidKvk
    row, is_new = Company.objects.get_or_create(kvk_nummer=kvk_nummer, defaults={"naam": naam, "rsin": rsin})
    missing = {"naam": naam if naam and not row.naam else "", "rsin": rsin if rsin and not row.rsin else ""}
    if not is_new and any(missing.values()):
        Company.objects.filter(pk=row.pk).update(**{name: value for name, value in missing.items() if value})
    return row.pk


def company_for_means(issuer: str, number: str, *, naam: str) -> int:
    """Return the id of the company that another country knows by ``number`` (eIDAS); an unknown one is added.

    Its name is the one its country gives now.
    """
    lookups = lookup_hashes(f"{issuer}|{number}", about="company-means")
    known = CompanyMeans.objects.select_related("company").filter(issuer=issuer, lookup__in=lookups).first()
    if known is None:
        try:
            with transaction.atomic():
                company = Company.objects.create(naam=naam)
                CompanyMeans.objects.create(
                    company=company,
                    issuer=issuer,
                    lookup=lookups[0],
                    cipher=encrypt(number, about=f"company-means:{company.uuid}"),
                )
            return company.pk
        except IntegrityError:
            known = CompanyMeans.objects.select_related("company").get(issuer=issuer, lookup__in=lookups)
    if bytes(known.lookup) != lookups[0]:
        _hash_anew(known, number, lookups[0], about=f"company-means:{known.company.uuid}")
    if known.company.naam != naam:
        Company.objects.filter(pk=known.company_id).update(naam=naam)
    return known.company_id


def representative_for(company_id: int, issuer: str, subject: str) -> Representative:
    """Return the one who acts for a company under this pseudonym of the provider."""
    lookups = lookup_hashes(f"{issuer}|{subject}", about="representative")
    row = Representative.objects.filter(company_id=company_id, issuer=issuer, lookup__in=lookups).first()
    if row is None:
        identity = uuid4()
        row, _ = Representative.objects.get_or_create(
            company_id=company_id,
            issuer=issuer,
            lookup=lookups[0],
            defaults={"uuid": identity, "cipher": encrypt(subject, about=f"representative:{identity}")},
        )
    elif row.cipher is None or bytes(row.lookup) != lookups[0]:
        _hash_anew(row, subject, lookups[0], about=f"representative:{row.uuid}")
    return row


@transaction.atomic
def create_unit(
    code: str, naam: str, parent: int | None = None, *, valid_from: date | None = None, by: Actor = SYSTEM
) -> int:
    """Add an organisation unit; an existing code is returned as it is. Returns the id."""
    unit, is_new = Unit.objects.get_or_create(code=code)
    if is_new:
        period = UnitPeriod.objects.create(unit=unit, naam=naam, parent_id=parent, valid_from=valid_from or FIRST_DAY)
        after = {"naam": naam, "onder": period.parent.code if period.parent else None, "vanaf": period.valid_from}
        ACCOUNT_CHANGED.announce(AccountChanged("onderdeel toegevoegd", unit.uuid, by, after=after, kind="unit"))
    return unit.pk


@transaction.atomic
def change_unit(unit_id: int, *, naam: str, parent: int | None, valid_from: date) -> None:
    """Rename or move a unit from a day on; what it was before stays known.

    Raises ``NotKnown``, and ``WrongInput`` when it would hang below itself or below what is not there on that day.
    """
    current = (
        UnitPeriod.objects.select_for_update()
        .filter(unit_id=unit_id, valid_from__lt=valid_from, valid_to__isnull=True)
        .first()
    )
    if current is None:
        raise NotKnown(f"unit {unit_id} has no open period before {valid_from}")
    check_parent(unit_id, parent, on=valid_from)
    current.valid_to = valid_from
    current.save()
    UnitPeriod.objects.create(unit_id=unit_id, naam=naam, parent_id=parent, valid_from=valid_from)


def check_parent(unit_id: int, parent: int | None, *, on: date) -> None:
    """Raise ``WrongInput`` when a unit cannot hang below another one on a day. ``unit_id`` is 0 for one that is new."""
    if parent is None:
        return
    if parent in units_below(unit_id, on=on):
        raise WrongInput("onder", "loop")
    open_then = UnitPeriod.objects.filter(unit_id=parent, valid_from__lte=on)
    if not open_then.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).exists():
        raise WrongInput("onder", "missing")


@transaction.atomic
def end_unit(unit_id: int, *, valid_to: date) -> None:
    """Close a unit from a day on. Raises ``NotKnown``."""
    changed = UnitPeriod.objects.filter(unit_id=unit_id, valid_to__isnull=True, valid_from__lt=valid_to).update(
        valid_to=valid_to
    )
    if not changed:
        raise NotKnown(f"unit {unit_id} has no open period before {valid_to}")


@transaction.atomic
def merge_unit(unit_id: int, into_id: int, *, on: date) -> None:
    """Let a unit go up in another one from a day on: its people, its work and the units below it move; history stays.

    Raises ``NotKnown`` and ``WrongInput``. Work and routes follow when the day has come (``settle_units``).
    """
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None or not Unit.objects.filter(pk=into_id).exists():
        raise NotKnown("no such unit")
    if unit_id == into_id or into_id in units_below(unit_id, on=on):
        raise WrongInput("in", "loop")
    check_parent(unit_id, into_id, on=on)
    later = UnitPeriod.objects.filter(parent_id=unit_id, valid_from__gte=on).exists()
    if later or Placement.objects.filter(unit_id=unit_id, valid_from__gt=on).exists():
        raise WrongInput("dag", "later")
    for child in UnitPeriod.objects.select_for_update().filter(
        parent_id=unit_id, valid_from__lt=on, valid_to__isnull=True
    ):
        change_unit(child.unit_id, naam=child.naam, parent=into_id, valid_from=on)
    end_unit(unit_id, valid_to=on)
    unit.merged_into_id, unit.merged_at = into_id, None
    unit.save(update_fields=["merged_into", "merged_at"])
    staying = Placement.objects.select_related("medewerker").filter(unit_id=unit_id, valid_to__isnull=True)
    for placement in staying:
        place(placement.medewerker, into_id, valid_from=on)
    settle_units()


def place(medewerker: Medewerker, unit_id: int, *, valid_from: date) -> None:
    """Put somebody in a unit from a day on; where they were before stays known. Call it inside a transaction.

    A placement planned for later gives way.
    """
    Placement.objects.filter(medewerker=medewerker, valid_from__gte=valid_from).delete()
    Placement.objects.filter(medewerker=medewerker).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
    ).update(valid_to=valid_from)
    Placement.objects.create(medewerker=medewerker, unit_id=unit_id, valid_from=valid_from)
    if valid_from <= today() and medewerker.unit_id != unit_id:
        Medewerker.objects.filter(pk=medewerker.pk).update(unit_id=unit_id)


@transaction.atomic
def settle_units() -> int:
    """Let units follow the calendar: everybody in the unit of today, and merged units hand on their work.

    Returns how many people moved. Runs every minute and right after a change.
    """
    day = today()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_medewerker m SET unit_id = p.unit_id FROM people_placement p"
            " WHERE p.medewerker_id = m.id AND m.unit_id <> p.unit_id AND p.valid_from <= %(day)s"
            "   AND (p.valid_to IS NULL OR p.valid_to > %(day)s)",
            {"day": day},
        )
        moved = int(cursor.rowcount)
    due = Unit.objects.select_for_update().filter(merged_into__isnull=False, merged_at__isnull=True).order_by("pk")
    for unit in due:
        last = UnitPeriod.objects.filter(unit=unit).order_by("-valid_from").first()
        if last is not None and last.valid_to is not None and last.valid_to <= day and unit.merged_into_id:
            _move_groups(unit.pk, unit.merged_into_id)
            UNIT_MERGED.announce(UnitMerged(unit.pk, unit.merged_into_id, last.valid_to))
            unit.merged_at = now()
            unit.save(update_fields=["merged_at"])
    return moved


def _move_groups(unit_id: int, into_id: int) -> None:
    """Let groups give their roles in the unit in which another one went up; what they give there already is said once."""
    there = GroupRole.objects.filter(unit_id=into_id).values_list("group", "role_code")
    for row in GroupRole.objects.select_for_update().filter(unit_id=unit_id):
        if (row.group, row.role_code) in set(there):
            row.delete()
        else:
            row.unit_id = into_id
            row.save(update_fields=["unit"])


@transaction.atomic
def create_medewerker(
    username: str,
    naam: str,
    email: str,
    unit_id: int,
    functie: str,
    password: str,
    totp_secret: str | None = None,
    *,
    person_id: int | None = None,
    sponsor_id: int | None = None,
    purpose: str = "",
    leaving_date: date | None = None,
    by: Actor = SYSTEM,
) -> int:
    """Add a member of staff and return the id. With ``totp_secret`` (base32) the authenticator app is already set up.

    With ``sponsor_id`` it is a guest, who has a purpose and an end date as well.

    Raises ``PeopleError`` when the name is taken.
    """
    username = username.strip().lower()
    if Medewerker.objects.filter(username=username).exists():
        raise PeopleError(f"there is a medewerker {username} already")
    medewerker = Medewerker(
        username=username,
        naam=naam,
        email=email,
        unit_id=unit_id,
        functie=functie,
        person_id=person_id,
        is_guest=sponsor_id is not None,
        sponsor_id=sponsor_id,
        purpose=purpose,
        leaving_date=leaving_date,
    )
    medewerker.set_password(password)
    medewerker.save()
    place(medewerker, unit_id, valid_from=today())
    if totp_secret is not None:
        Totp.objects.create(
            medewerker=medewerker, secret=encrypt(totp_secret, about=f"totp:{medewerker.uuid}"), confirmed_at=now()
        )
    tell_of_new(medewerker, by)
    return medewerker.pk


def tell_of_new(medewerker: Medewerker, by: Actor) -> None:
    """Tell the trail that somebody was added, as what."""
    ACCOUNT_CHANGED.announce(
        AccountChanged(
            "gast toegevoegd" if medewerker.is_guest else "medewerker toegevoegd", medewerker.uuid, by,
            after={"unit": medewerker.unit.code, "functie": medewerker.functie, "tot": medewerker.leaving_date,
                   "sponsor": medewerker.sponsor.username if medewerker.sponsor else None, "doel": medewerker.purpose},
        )
    )  # fmt: skip


@transaction.atomic
def set_password(medewerker_id: int, password: str, *, by: Actor = SYSTEM) -> None:
    """Give a member of staff a new password and end all their sessions. Raises ``NotKnown``."""
    medewerker = Medewerker.objects.select_for_update().filter(pk=medewerker_id).first()
    if medewerker is None:
        raise NotKnown(f"no medewerker {medewerker_id}")
    medewerker.set_password(password)
    medewerker.save(update_fields=["password"])
    ended = end_sessions_of(medewerker_id, reason="password")
    ACCOUNT_CHANGED.announce(AccountChanged("wachtwoord gezet", medewerker.uuid, by, after={"sessies": ended}))


@transaction.atomic
def link_to_person(medewerker_id: int, person_id: int | None, *, by: Actor = SYSTEM) -> None:
    """Say who a member of staff is as a resident, so that their own cases stay shut to them. Raises ``NotKnown``,
    and ``WrongInput`` for oneself: nobody opens their own case by saying that they are somebody else.

    The trail keeps that there is a link, never to whom. Family follows by ``personen.keep_family_shut``.
    """
    medewerker = Medewerker.objects.select_for_update().filter(pk=medewerker_id).first()
    if medewerker is None:
        raise NotKnown(f"no medewerker {medewerker_id}")
    if by.kind == "staff" and by.pk == medewerker_id:
        raise WrongInput("bsn", "own")
    before, medewerker.person_id = medewerker.person_id, person_id
    medewerker.save(update_fields=["person"])
    ACCOUNT_CHANGED.announce(
        AccountChanged(
            "gekoppeld aan persoon" if person_id is not None else "koppeling met persoon verwijderd",
            medewerker.uuid, by, before={"gekoppeld": before is not None}, after={"gekoppeld": person_id is not None},
        )
    )  # fmt: skip


def end_sessions_of(medewerker_id: int, *, reason: str) -> int:
    """End every open session of a member of staff; returns how many."""
    return LoginSession.objects.filter(medewerker_id=medewerker_id, ended_at__isnull=True).update(
        ended_at=now(), end_reason=reason
    )
