"""Whoever may act for one branch of a company, or for some zaaktypen only, sees those zaken and no others."""

from __future__ import annotations

import pytest

from stadhuis.access.guards import fill
from stadhuis.catalogi import public as catalogi
from stadhuis.catalogi.tests.givens import catalogus_data
from stadhuis.people import public as people
from stadhuis.people.public import Actor
from stadhuis.zaken import public as zaken

BRANCH, OTHER = "000090001658", "000090001647"


@pytest.mark.django_db
def test_an_employee_of_one_branch_sees_the_zaken_of_that_branch_on_every_path() -> None:
    # given: a company with a zaak for the whole, and one per branch
    catalogi.build(catalogus_data(identificatie="KAP", omschrijving="Kapvergunning"))
    company_id = people.company_for_kvk("90001647", naam="Zijlstra en Ruiter Bakkers")
    whole = Actor("company", company_id, f"company:{people.company(company_id).uuid}", "", level="substantial")
    made = {}
    for branch in ("", BRANCH, OTHER):
        rol = zaken.NewRol(
            omschrijving_generiek="initiator",
            betrokkene_type="vestiging" if branch else "niet_natuurlijk_persoon",
            company_id=company_id,
            naam="Zijlstra en Ruiter Bakkers",
            identificatie={"vestigingsNummer": branch, "kvkNummer": "90001647"} if branch else {},
        )
        new = zaken.NewZaak(zaaktype_id=catalogi.zaaktype("KAP").id, omschrijving="Een boom")
        made[branch] = zaken.create_zaak(new, by=whole, rollen=[rol])
    limited = Actor(
        "company", company_id, whole.key, "", level="substantial", mandate=(("branch", BRANCH),)
    )  # fmt: skip
    # then
    assert zaken.zaken_of(company_id=company_id).total == 3
    own = zaken.zaken_of(company_id=company_id, branch=limited.branch)
    assert ([one.uuid for one in own.cases], own.total) == ([made[BRANCH].uuid], 1)
    assert zaken.dossier(made[BRANCH].uuid, seen_by=limited)
    for branch in ("", OTHER):
        assert zaken.dossier(made[branch].uuid, seen_by=whole)
        with pytest.raises(zaken.ZaakNotFound):
            zaken.dossier(made[branch].uuid, seen_by=limited)


@pytest.mark.parametrize("hostile", ["x' OR '1'='1", "", " ", "a;b", "{alias}", "é"])
def test_a_bound_that_is_no_plain_word_never_enters_a_statement(hostile: str) -> None:
    with pytest.raises(ValueError, match="plain word"):
        fill("{services}", alias="z", person_id=1, company_id=None, services=(hostile,))
