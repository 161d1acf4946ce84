"""The invented people hold together."""

from __future__ import annotations

from datetime import date

from stdnum.nl import bsn

from stadhuis.demo.town import people

TOZO_START = "2020-03-17"
DEMO_DAY = date(2021, 5, 17)


def test_every_bsn_passes_the_eleven_test_and_lies_in_the_test_range() -> None:
    numbers = [resident.bsn for resident in people.RESIDENTS]
    assert len(set(numbers)) == len(numbers) == 40
    assert all(bsn.is_valid(number) and number.startswith("99999") for number in numbers)


def test_every_kvk_number_and_rsin_is_unique_and_well_formed() -> None:
    numbers = [company.kvk_nummer for company in people.COMPANIES]
    assert len(set(numbers)) == len(numbers) == 15
    assert all(len(number) == 8 and number.startswith("9000") for number in numbers)
    assert all(bsn.is_valid(company.rsin) for company in people.COMPANIES if company.rsin)
    assert all(
        len(number) == 12
        for company in people.COMPANIES
        for number in (company.vestigingsnummer, *(nr for nr, _ in company.vestigingen))
    )


def test_every_relation_points_both_ways() -> None:
    for resident in people.RESIDENTS:
        if resident.partner:
            other = people.resident(resident.partner)
            assert other.partner == resident.key
            assert (other.partner_sinds, other.partner_tot, other.verbintenis) == (
                resident.partner_sinds,
                resident.partner_tot,
                resident.verbintenis,
            )
        for parent in map(people.resident, resident.ouders):
            assert parent.geboren < resident.geboren
            assert resident in people.children_of(parent.key)
    for company in people.COMPANIES:
        assert company.eigenaren
        assert all(company in people.companies_of(key) for key in company.eigenaren)


def test_the_cast_the_documentation_speaks_of_is_there() -> None:
    def age(key: str) -> int:
        born = people.resident(key).geboortedatum
        assert born is not None
        return DEMO_DAY.year - born.year - ((DEMO_DAY.month, DEMO_DAY.day) < (born.month, born.day))

    noor, bram = people.resident(people.MAIN_APPLICANT), people.resident(people.SINGLE_APPLICANT)
    assert noor.partner
    assert not bram.partner
    assert people.companies_of(noor.key)[0].start < TOZO_START
    assert people.companies_of(bram.key)[0].start < TOZO_START
    assert age("luuk-de-haan") == 19
    assert age("willem-van-den-berg") >= 67
    assert people.resident("sanne-kuipers").geheim
    assert people.resident("hendrik-dijkstra").overleden
    assert isinstance(people.resident("joost-meijer").adres, people.ForeignAddress)
    sole = [company for company in people.COMPANIES if company.rechtsvorm == "Eenmanszaak"]
    assert sum(company.start < TOZO_START for company in sole) >= 6
    assert [company.key for company in sole if company.start > TOZO_START] == ["de-groot-webdesign"]
    assert isinstance(people.company("smeets-uebersetzungen").adres, people.ForeignAddress)
    assert people.company("yilmaz-bouw").rechtsvorm == "Besloten Vennootschap"


def test_lookups_find_and_miss() -> None:
    assert people.resident_by_bsn("999990184") is people.resident("noor-verhagen")
    assert people.resident_by_bsn("123456782") is None
    assert people.company_by_kvk("90000101") is people.company("kapsalon-noor")
    assert people.company_by_kvk("12345678") is None
