"""The people of the matrix of pages: they differ in what the access rule asks, each in one thing.

And zaken that differ likewise: in type, level, who is in them and how.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from stadhuis.access import public as access
from stadhuis.access.models import BreakGlass, Conflict, Kin, Membership
from stadhuis.casework import public as casework
from stadhuis.casework.tests.givens import Town
from stadhuis.catalogi.tests.givens import given_zaaktype
from stadhuis.kit.time import now, today
from stadhuis.people import public as people
from stadhuis.people.models import Medewerker
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken
from stadhuis.zaken.tests.givens import BSN, OTHER_BSN, given_resident, given_rol, given_staff, given_zaak

BARRED_BSN = "999992909"
"""Of somebody whom the town bars."""
KVK, OTHER_KVK = "90000013", "90000021"
BRANCH, OTHER_BRANCH = "000090001658", "000090001666"
EVERYTHING = tuple(
    access.GrantData(action)
    for action in (
        "zaak.lezen", "document.lezen", "audittrail.lezen", "zaak.behandelen", "zaak.besluiten", "zaak.verdelen",
        "zaak.noodtoegang", "besluit.lezen",
    )
)  # fmt: skip
FOR_PARTS = ("document.lezen", "besluit.lezen")
"""What is told by the type of a document or besluit, which is another than that of the zaak."""
AREAS = {action: f"only {action}" for action in sorted(access.ADMINISTRATION)}


def company_of(kvk: str, *, branch: str = "") -> Actor:
    """A company that is logged in, or one branch of it."""
    company = people.company_for_kvk(kvk)
    mandate = (("branch", branch),) if branch else ()
    return Actor("company", company, f"company:{people.company(company).uuid}", "Krul", mandate=mandate)


def acting(who: Actor, whom: Actor, *, services: str = "") -> Actor:
    """Somebody who acts for somebody else, for all services or for some."""
    mandate = (("basis", "machtiging"), *((("services", services),) if services else ()))
    return Actor(who.kind, who.pk, who.key, who.label, level="substantial", acting_for=whom, mandate=mandate)


def residents_of(owner: Actor) -> dict[str, Actor]:
    """Residents and companies who differ from the owner of the things in one thing each."""
    third = given_resident("999991905")
    return {
        "owner": owner,
        "owner, low level": Actor("resident", owner.pk, owner.key, owner.label, level="low"),
        "neighbour": given_resident(OTHER_BSN),
        "company": company_of(KVK),
        "another company": company_of(OTHER_KVK),
        "branch of the zaak": company_of(KVK, branch=BRANCH),
        "another branch": company_of(KVK, branch=OTHER_BRANCH),
        "acts for the owner": acting(third, owner),
        "acts for the owner, Tozo only": acting(third, owner, services="TOZO"),
        "acts for the owner, another service": acting(third, owner, services="KAP"),
        "acts for the company": acting(third, company_of(KVK)),
        "acts for the neighbour": acting(third, given_resident(OTHER_BSN)),
    }


def staff_of(town: Town, owner: Actor, waiting: UUID) -> dict[str, Actor]:
    """Staff who differ in roles, times, and what a zaak is to them."""
    unit = people.create_unit("ander", "Ander team")
    own = unit_of_the_town()
    above = people.create_unit("afdeling", "Afdeling")
    people.change_unit(own, naam="Team", parent=above, valid_from=today())
    made = {
        "reader": town.reader,
        "handler": town.handler,
        "decider": town.decider,
        "administrator": given_staff(*(access.GrantData(action) for action in AREAS), username="ada"),
        "no role": _staff("leeg"),
        "everything": _staff("alles"),
        "one zaaktype, its level": _staff(
            "type", *(access.GrantData(one.action, town.zaaktype.ref, 4) for one in EVERYTHING)
        ),
        "one level too low": _staff("laag", *(access.GrantData(one.action, "*", 3) for one in EVERYTHING)),
        "of the unit of the zaken": _staff("hier", *_of_unit(town, own)),
        "of another unit, same zaaktype": _staff("ginds", *_of_unit(town, unit)),
        "of the unit above": _staff("boven", *_of_unit(town, above)),
        "of another unit, glass is open": _staff("gindsglas", *_of_unit(town, unit)),
        "of the unit, family in the zaak": _staff("hierfamilie", *_of_unit(town, own)),
        "of the unit, sees barred persons of another unit": _staff(
            "hierdicht", *_of_unit(town, own), access.GrantData("persoon.afgeschermd", unit_id=unit)
        ),
        "of the unit, sees barred persons of it": _staff(
            "hieropen", *_of_unit(town, own), access.GrantData("persoon.afgeschermd", unit_id=own)
        ),
        "reads without documents": _staff("kaal", access.GrantData("zaak.lezen")),
        "handles without reading": _staff("blind", access.GrantData("zaak.behandelen"), access.GrantData("zaak.besluiten")),
        "sees barred persons": _staff("afgeschermd", *EVERYTHING, access.GrantData("persoon.afgeschermd")),
        "sees barred persons of another zaaktype": _staff(
            "afgeschermd-anders", *EVERYTHING, access.GrantData("persoon.afgeschermd", "another-type")
        ),
        "sees barred persons up to a lower level": _staff(
            "afgeschermd-laag", *EVERYTHING, access.GrantData("persoon.afgeschermd", "*", 3)
        ),
        "another unit": _staff("elders"),
        "until yesterday": _staff("oud"),
        "from tomorrow": _staff("nieuw"),
        "never really had it": _staff("vergist"),
        "has left": _staff("weg"),
        "oneself in the zaak": _staff("zelf"),
        "family in the zaak": _staff("familie"),
        "was family by mistake": _staff("vreemd"),
        "has an interest": _staff("belang"),
        "glass is open": _staff("glas", access.GrantData("zaak.lezen", "another-type")),
        "glass is closed": _staff("scherf", access.GrantData("zaak.lezen", "another-type")),
        "glass on a zaak of family": _staff("glasfamilie", access.GrantData("zaak.lezen", "another-type")),
        "guest who administers": _staff("gast", *(access.GrantData(action) for action in AREAS)),
        "administers from tomorrow": _staff("morgen", *(access.GrantData(action) for action in AREAS)),
        **{
            name: _staff(action.replace(".", "-"), access.GrantData(action)) for action, name in AREAS.items()
        },
    }  # fmt: skip
    role_of = {name: Membership.objects.filter(medewerker_id=pk_of(actor)) for name, actor in made.items()}
    role_of["no role"].delete()
    role_of["another unit"].update(unit_id=unit)
    role_of["until yesterday"].update(valid_to=today())
    for name in ("from tomorrow", "administers from tomorrow"):
        role_of[name].update(valid_from=today() + timedelta(days=1))
    role_of["never really had it"].update(recorded_to=now())
    _change(made["has left"], leaving_date=today())
    _change(made["oneself in the zaak"], person_id=owner.pk)
    _change(
        made["guest who administers"],
        is_guest=True,
        sponsor_id=town.handler.pk,
        purpose="x",
        leaving_date=today() + timedelta(days=9),
    )
    moment = now()
    for name, until in (
        ("family in the zaak", None),
        ("glass on a zaak of family", None),
        ("of the unit, family in the zaak", None),
        ("was family by mistake", moment),
    ):
        Kin.objects.create(
            medewerker_id=pk_of(made[name]), person_id=pk_of(owner), relation="partner",
            recorded_from=moment - timedelta(days=1), recorded_to=until,
        )  # fmt: skip
    Conflict.objects.create(
        medewerker_id=pk_of(made["has an interest"]),
        zaak_uuid=waiting,
        reason="x",
        recorded_from=moment,
        recorded_by="x",
    )
    for name, ends in (
        ("glass is open", 1),
        ("of another unit, glass is open", 1),
        ("glass is closed", -1),
        ("glass on a zaak of family", 1),
    ):
        BreakGlass.objects.create(
            medewerker_id=pk_of(made[name]), zaak_uuid=waiting, reason="x", starts_at=moment - timedelta(hours=3),
            ends_at=moment + timedelta(hours=ends),
        )  # fmt: skip
    return made


def pk_of(actor: Actor) -> int:
    """Return the id of somebody."""
    assert actor.pk is not None
    return actor.pk


def _of_unit(town: Town, unit_id: int) -> list[access.GrantData]:
    return [
        access.GrantData(one.action, "*" if one.action in FOR_PARTS else town.zaaktype.ref, unit_id=unit_id)
        for one in EVERYTHING
    ]


def unit_of_the_town() -> int:
    """Return the unit to which the zaken of the town go by themselves."""
    found = people.unit_by_code("team")
    assert found is not None
    return found.id


def _staff(username: str, *grants: access.GrantData) -> Actor:
    return given_staff(*(grants or EVERYTHING), username=f"matrix-{username}")


def _change(actor: Actor, **values: object) -> None:
    Medewerker.objects.filter(pk=pk_of(actor)).update(**values)


def different_zaken(town: Town, waiting: zaken.ZaakRecord) -> list[zaken.ZaakRecord]:
    """Zaken that differ from each other in what the rule asks; all have the word that the search looks for."""
    other = given_zaaktype(domein="ANDER", identificatie="KAP")
    company, neighbour = people.company_for_kvk(KVK), people.person_for_bsn(OTHER_BSN)
    of_company: dict[str, Any] = {"betrokkene_type": "vestiging", "company_id": company, "naam": "Krul"}
    at_branch = {"vestigingsNummer": BRANCH}
    parties = {
        "of nobody": (),
        "of the owner": (given_rol(),),
        "about the owner": (given_rol(kind="belanghebbende"),),
        "of the neighbour, who gave the owner a machtiging": (
            given_rol(OTHER_BSN, naam="Buur"),
            given_rol(kind="belanghebbende", indicatie_machtiging="gemachtigde"),
        ),
        "once handled online by the owner for the neighbour": (
            given_rol(OTHER_BSN, naam="Buur"),
            given_rol(
                kind="belanghebbende", indicatie_machtiging="gemachtigde", authenticatie_context={"acting": True}
            ),
        ),
        "of the company": (zaken.NewRol(**of_company, omschrijving_generiek="initiator"),),
        "of a branch": (zaken.NewRol(**of_company, omschrijving_generiek="initiator", identificatie=at_branch),),
        "about the company": (zaken.NewRol(**of_company, omschrijving_generiek="belanghebbende"),),
        "of a barred person": (given_rol(BARRED_BSN, naam="Bang"),),
        "about a barred person": (given_rol(OTHER_BSN, naam="Buur"), given_rol(BARRED_BSN, kind="belanghebbende")),
    }
    made = [
        given_zaak(zaaktype=town.zaaktype, rollen=rollen, omschrijving=f"Matrixwoord {name}")
        for name, rollen in parties.items()
    ]
    for zaaktype, level in (
        (town.zaaktype, "openbaar"),
        (town.zaaktype, "geheim"),
        (other, "openbaar"),
        (other, "geheim"),
    ):
        made.append(
            given_zaak(
                zaaktype=zaaktype, vertrouwelijkheidaanduiding=level, omschrijving=f"Matrixwoord {level}",
                rollen=(given_rol(OTHER_BSN, naam="Buur"),),
            )
        )  # fmt: skip
    elsewhere = given_zaak(
        zaaktype=town.zaaktype, omschrijving="Matrixwoord of another unit", rollen=(given_rol(OTHER_BSN, naam="Buur"),)
    )
    casework.hand_to_unit(elsewhere.uuid, people.create_unit("ander", "Ander team"), reason="Verhuisd", by=town.handler)
    made.append(elsewhere)
    assert people.person_for_bsn(BSN) != neighbour
    return made
