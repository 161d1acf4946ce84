"""One function per rule of the Tozo: inputs in, findings out.

A rule is told by `RuleSet` which tests its version has. Findings say what they rest on, so that a reader can check them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final, Literal

from django.utils import translation

from stadhuis.schemes.tozo import data
from stadhuis.schemes.tozo.data import Round
from stadhuis.schemes.tozo.inputs import TozoInputs
from stadhuis.schemes.tozo.texts import sentence

Status = Literal["satisfied", "failed", "unknown"]
Part = Literal["algemeen", "levensonderhoud", "bedrijfskapitaal"]

DEFINITION: Final = "Tozo art. 1 (zelfstandige)"
CIRCLE: Final = "Regeling Stcrt. 2020, 24833, art. 2"


@dataclass(frozen=True)
class Finding:
    """What one rule found: for which part of the application, under which article, resting on which inputs."""

    rule: str
    part: Part
    article: str
    status: Status
    message: str
    params: tuple[tuple[str, str | int], ...]
    rests_on: tuple[str, ...]

    @property
    def explanation(self) -> str:
        """The finding in the language of the reader."""
        return sentence(self.message, dict(self.params))

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as JSON values, with the Dutch explanation as it read at that moment."""
        with translation.override("nl"):
            explanation = self.explanation
        return {
            "rule": self.rule,
            "part": self.part,
            "article": self.article,
            "status": self.status,
            "message": self.message,
            "params": dict(self.params),
            "rests_on": list(self.rests_on),
            "explanation": explanation,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Finding:
        """Return the finding that `as_dict` gave."""
        return cls(
            stored["rule"],
            stored["part"],
            stored["article"],
            stored["status"],
            stored["message"],
            tuple(sorted(stored["params"].items())),
            tuple(stored["rests_on"]),
        )


@dataclass(frozen=True)
class RuleSet:
    """One version of the rules: a round and the tests that count in it."""

    version: str
    round: Round
    rules: tuple[Callable[[TozoInputs, RuleSet], Iterable[Finding]], ...]


def _finding(
    rule: str, part: Part, article: str, status: Status, message: str, rests_on: str, **params: str | int
) -> Finding:
    return Finding(rule, part, article, status, message, tuple(sorted(params.items())), tuple(rests_on.split()))


def parts_asked(inputs: TozoInputs) -> tuple[Part, ...]:
    """Return the parts that were applied for."""
    asked: list[Part] = []
    if inputs.vraagt_levensonderhoud:
        asked.append("levensonderhoud")
    if inputs.vraagt_bedrijfskapitaal:
        asked.append("bedrijfskapitaal")
    return tuple(asked)


def requested_months(inputs: TozoInputs) -> tuple[date, ...]:
    """Return the first days of the months asked for; empty when that is not known."""
    if inputs.eerste_maand is None or not inputs.aantal_maanden:
        return ()
    first = date.fromisoformat(f"{inputs.eerste_maand}-01")
    return tuple(data.add_months(first, offset) for offset in range(inputs.aantal_maanden))


def covered_months(inputs: TozoInputs, rules: RuleSet) -> tuple[date, ...]:
    """Return the months asked for that lie in the round, not before the deemed application date."""
    earliest = max(data.first_of_month(data.deemed_date(inputs.aanvraagdatum)[0]), rules.round.first_month)
    within = [month for month in requested_months(inputs) if earliest <= month <= rules.round.last_month]
    return tuple(within[: rules.round.longest_months])


def income_cents(inputs: TozoInputs, rules: RuleSet) -> int | None:
    """Return the net household income per month, or None when a part of it is not known.

    Profit counts for 82 percent, rounded down to whole cents in favour of the applicant; a loss counts as nothing.
    The partner's income counts from Tozo 2 on.
    """
    if inputs.winst_cent is None or inputs.andere_inkomsten_cent is None:
        return None
    profit = max(0, inputs.winst_cent) * (100 - data.PROFIT_DEDUCTION_PERCENT) // 100
    income = profit + inputs.andere_inkomsten_cent
    if inputs.heeft_partner and rules.round.has_partner_test:
        if inputs.partner_inkomen_cent is None:
            return None
        income += inputs.partner_inkomen_cent
    return income


def norm_cents(inputs: TozoInputs, month: date) -> int | None:
    """Return the norm of the household in a month, by the ages on its first day; None when the table has none."""
    partner = None
    if inputs.heeft_partner:
        if inputs.partner_geboortedatum is None:
            return None
        partner = data.age_group(inputs.partner_geboortedatum, month)
    household = data.household(data.age_group(inputs.geboortedatum, month), partner, kinderen=inputs.kinderen)
    return None if household is None else data.norms_on(month).cents[household]


def application_period(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """Applied for within the window of a round."""
    deemed, article = data.deemed_date(inputs.aanvraagdatum)
    applied = inputs.aanvraagdatum.isoformat()
    first, last = data.ROUNDS[0].applied_from, data.ROUNDS[-1].applied_until
    if inputs.aanvraagdatum < first:
        yield _finding("aanvraagperiode", "algemeen", "Tozo art. 3", "failed", "periode-te-vroeg", "aanvraagdatum",
                       aanvraag_datum=applied, begin_datum=first.isoformat())  # fmt: skip
    elif inputs.aanvraagdatum > last:
        yield _finding("aanvraagperiode", "algemeen", "Tozo art. 3 en 9 (Stb. 2021, 289)", "failed", "periode-te-laat",
                       "aanvraagdatum", aanvraag_datum=applied, einde_datum=last.isoformat())  # fmt: skip
    else:
        yield _finding("aanvraagperiode", "algemeen", article, "satisfied", "periode-goed", "aanvraagdatum",
                       aanvraag_datum=applied, ronde=rules.round.number, geacht_datum=deemed.isoformat())  # fmt: skip


def truthfulness(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """The applicant declares in writing; without it the application is not complete."""
    good = inputs.naar_waarheid
    yield _finding("verklaring", "algemeen", "Tozo art. 2", "satisfied" if good else "unknown",
                   "waarheid-goed" if good else "waarheid-niet", "naar_waarheid")  # fmt: skip


def age(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """From 18 until the AOW begins; pensioners may only have the loan.

    For living benefit one month in which the age is right is enough (the other months get nothing); for the loan the
    age on the day of application counts.
    """
    for part in parts_asked(inputs):
        months = covered_months(inputs, rules) if part == "levensonderhoud" else ()
        day = next(
            (month for month in months if is_of_age(inputs, month)), months[0] if months else inputs.aanvraagdatum
        )
        group = data.age_group(inputs.geboortedatum, day)
        rests_on, aow = "geboortedatum aanvraagdatum", data.aow_date(inputs.geboortedatum).isoformat()
        if group == "minor":
            yield _finding("leeftijd", part, DEFINITION, "failed", "leeftijd-te-jong", rests_on)
        elif group != "aow":
            yield _finding("leeftijd", part, DEFINITION, "satisfied", "leeftijd-goed", rests_on)
        elif part == "levensonderhoud":
            yield _finding(
                "leeftijd", part, f"{DEFINITION}; AOW art. 7a", "failed", "leeftijd-aow", rests_on, aow_datum=aow
            )
        else:
            yield _finding("leeftijd", part, CIRCLE, "satisfied", "leeftijd-aow-lening", rests_on, aow_datum=aow)


def residence(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """Lives in the Netherlands; who lives elsewhere in the EU may only have the loan, decided in Maastricht."""
    if inputs.woonland == "nl":
        yield _finding("woonland", "algemeen", "Participatiewet art. 11", "satisfied", "woonland-goed", "woonland")
    elif inputs.woonland == "anders":
        yield _finding("woonland", "algemeen", "Participatiewet art. 11", "failed", "woonland-niet", "woonland")
    else:
        for part in parts_asked(inputs):
            if part == "levensonderhoud":
                yield _finding(
                    "woonland", part, "Participatiewet art. 11", "failed", "woonland-eu-uitkering", "woonland"
                )
            else:
                yield _finding("woonland", part, f"{CIRCLE} lid 2 onder a; Awb 2:3", "unknown", "woonland-eu-lening",
                               "woonland", gemeente=data.CROSS_BORDER_MUNICIPALITY)  # fmt: skip


def place_of_business(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """The business is in the Netherlands; elsewhere in the EU it only gives a right to living benefit."""
    if inputs.vestigingsland == "nl":
        yield _finding("onderneming", "algemeen", DEFINITION, "satisfied", "onderneming-goed", "vestigingsland")
    elif inputs.vestigingsland == "anders":
        yield _finding("onderneming", "algemeen", DEFINITION, "failed", "onderneming-niet", "vestigingsland")
    else:
        for part in parts_asked(inputs):
            if part == "levensonderhoud":
                yield _finding(
                    "onderneming", part, f"{CIRCLE} lid 1", "satisfied", "onderneming-eu-uitkering", "vestigingsland"
                )
            else:
                yield _finding("onderneming", part, DEFINITION, "failed", "onderneming-eu-lening", "vestigingsland")


def hours(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """At least 1,225 hours a year."""
    good = inputs.voldoet_aan_urencriterium
    yield _finding("urencriterium", "algemeen", f"{DEFINITION} onder b", "satisfied" if good else "failed",
                   "uren-goed" if good else "uren-niet", "voldoet_aan_urencriterium", uren=data.HOURS_PER_YEAR)  # fmt: skip


def registration(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """Registered with the KVK: a hard condition (CRvB 2021:1789); for a business abroad a person checks."""
    article = f"{DEFINITION} onder a; ECLI:NL:CRVB:2021:1789"
    if inputs.is_ingeschreven:
        yield _finding("inschrijving", "algemeen", article, "satisfied", "inschrijving-goed", "is_ingeschreven")
    elif inputs.vestigingsland == "eu":
        yield _finding(
            "inschrijving", "algemeen", article, "unknown", "inschrijving-buitenland", "is_ingeschreven vestigingsland"
        )
    else:
        yield _finding(
            "inschrijving", "algemeen", article, "failed", "inschrijving-niet", "is_ingeschreven vestigingsland"
        )


def start(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """Started before 17 March 2020, 18:45."""
    article, limit = "Tozo, kring van rechthebbenden; ECLI:NL:CRVB:2021:1789", data.STARTED_BEFORE
    if inputs.startdatum is None:
        yield _finding("startdatum", "algemeen", article, "unknown", "start-onbekend", "startdatum")
        return
    status: Status
    if inputs.startdatum == limit[0] and inputs.starttijd is None:
        status, message = "unknown", "start-dag-zelf"
    elif (inputs.startdatum, inputs.starttijd or time.min) < limit:
        status, message = "satisfied", "start-goed"
    else:
        status, message = "failed", "start-niet"
    params = {"start_datum": inputs.startdatum.isoformat()}
    if message != "start-dag-zelf":
        params["grens_datum"] = limit[0].isoformat()
    yield _finding("startdatum", "algemeen", article, status, message, "startdatum starttijd", **params)


def living_situation(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """What the applicant says about a partner fits the BRP."""
    if inputs.partner_volgens_brp is None or (inputs.heeft_partner and not inputs.partner_volgens_brp):
        return  # living together without being registered as partners is no contradiction
    odd = inputs.partner_volgens_brp and not inputs.heeft_partner
    yield _finding("leefsituatie", "algemeen", "Participatiewet art. 3 en 17", "unknown" if odd else "satisfied",
                   "leefsituatie-anders" if odd else "leefsituatie-goed", "heeft_partner partner_volgens_brp")  # fmt: skip


def partner_consent(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """A couple applies together, or one with the consent of the other."""
    if inputs.heeft_partner:
        good = bool(inputs.partner_akkoord)
        yield _finding("partner-akkoord", "algemeen", "Participatiewet art. 43 lid 2", "satisfied" if good else "unknown",
                       "akkoord-goed" if good else "akkoord-niet", "partner_akkoord")  # fmt: skip


def wealth(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """The limited wealth test, switched off in every round (Stb. 2021, 137); it keeps its amount."""
    if not (rules.round.has_wealth_test and inputs.vraagt_levensonderhoud):
        return
    article, limit = "Tozo art. 5 en 7 (Stb. 2020, 362)", data.WEALTH_LIMIT_CENTS
    if inputs.vermogen_cent is None:
        yield _finding("vermogen", "levensonderhoud", article, "unknown", "vermogen-onbekend", "vermogen_cent")
    else:
        good = inputs.vermogen_cent <= limit
        yield _finding("vermogen", "levensonderhoud", article, "satisfied" if good else "failed",
                       "vermogen-goed" if good else "vermogen-niet", "vermogen_cent", grens_cent=limit)  # fmt: skip


def months(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """Whole calendar months within the round, not before the deemed application date, no more than the round allows."""
    if not inputs.vraagt_levensonderhoud:
        return
    asked, covered = requested_months(inputs), covered_months(inputs, rules)
    article, rests_on = "Tozo art. 3 lid 2 en 9", "eerste_maand aantal_maanden aanvraagdatum"
    deemed = data.first_of_month(data.deemed_date(inputs.aanvraagdatum)[0])
    begin = max(deemed, rules.round.first_month).isoformat()[:7]
    end = rules.round.last_month.isoformat()[:7]
    if not asked:
        yield _finding("maanden", "levensonderhoud", article, "unknown", "maanden-onbekend", rests_on)
    elif not covered:
        yield _finding(
            "maanden",
            "levensonderhoud",
            article,
            "failed",
            "maanden-niet",
            rests_on,
            begin_maand=begin,
            einde_maand=end,
        )
    elif len(asked) > rules.round.longest_months:
        yield _finding("maanden", "levensonderhoud", article, "satisfied", "maanden-te-veel", rests_on,
                       hoogstens=rules.round.longest_months)  # fmt: skip
    elif len(covered) < len(asked):
        yield _finding("maanden", "levensonderhoud", article, "satisfied", "maanden-deels", rests_on,
                       buiten=len(asked) - len(covered), begin_maand=begin, einde_maand=end)  # fmt: skip
    else:
        yield _finding(
            "maanden", "levensonderhoud", article, "satisfied", "maanden-goed", rests_on, ronde=rules.round.number
        )


def income(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """The household income is below the norm of the household; the partner's income counts from Tozo 2 on."""
    if not inputs.vraagt_levensonderhoud:
        return
    if inputs.heeft_partner:
        if rules.round.has_partner_test and inputs.partner_inkomen_cent is not None:
            yield _finding("partner-inkomen", "levensonderhoud", "Tozo art. 5; Participatiewet art. 31 en 32", "satisfied",
                           "partner-inkomen-telt", "partner_inkomen_cent", inkomen_cent=inputs.partner_inkomen_cent)  # fmt: skip
        elif not rules.round.has_partner_test:
            yield _finding("partner-inkomen", "levensonderhoud", "Tozo (Stb. 2020, 118)", "satisfied",
                           "partner-inkomen-telt-niet", "partner_inkomen_cent")  # fmt: skip
    eligible = [month for month in covered_months(inputs, rules) if is_of_age(inputs, month)]
    if not eligible:
        return
    norms = [norm_cents(inputs, month) for month in eligible]
    household = "geboortedatum partner_geboortedatum kinderen heeft_partner"
    known = [norm for norm in norms if norm is not None]
    if len(known) < len(norms):
        yield _finding(
            "huishouden", "levensonderhoud", "Participatiewet art. 20-22", "unknown", "huishouden-onbekend", household
        )
        return
    yield _finding("huishouden", "levensonderhoud", "Participatiewet art. 20-22", "satisfied", "huishouden-goed", household,
                   norm_cent=known[0])  # fmt: skip
    amount, article = income_cents(inputs, rules), "Tozo art. 5; Participatiewet art. 19"
    rests_on = "winst_cent andere_inkomsten_cent partner_inkomen_cent"
    if amount is None:
        yield _finding("inkomen", "levensonderhoud", article, "unknown", "inkomen-onbekend", rests_on)
    elif all(amount >= norm for norm in known):
        yield _finding(
            "inkomen", "levensonderhoud", article, "failed", "inkomen-te-hoog", rests_on, inkomen_cent=amount
        )
    elif any(amount >= norm for norm in known):
        yield _finding(
            "inkomen", "levensonderhoud", article, "satisfied", "inkomen-deels", rests_on, inkomen_cent=amount
        )
    else:
        yield _finding("inkomen", "levensonderhoud", article, "satisfied", "inkomen-goed", rests_on, inkomen_cent=amount,
                       procent=data.PROFIT_DEDUCTION_PERCENT)  # fmt: skip
    if any(month > data.norms_on(month).confirmed_until for month in eligible):
        yield _finding("norm", "levensonderhoud", "Participatiewet art. 38", "satisfied", "norm-onzeker", household)


def is_of_age(inputs: TozoInputs, month: date) -> bool:
    """Say whether the applicant is 18 or older and without AOW on the first day of the month."""
    return data.age_group(inputs.geboortedatum, month) in ("18-20", "21-aow")


def loan_reason(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """A shortage of cash caused by the crisis, explained by the applicant."""
    if inputs.vraagt_bedrijfskapitaal:
        good = bool(inputs.lening_met_reden)
        yield _finding("lening-reden", "bedrijfskapitaal", "Tozo art. 10", "satisfied" if good else "unknown",
                       "reden-goed" if good else "reden-onbekend", "lening_met_reden")  # fmt: skip


def suspension_of_payments(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """No suspension of payments or bankruptcy, from Tozo 2 on."""
    if not inputs.vraagt_bedrijfskapitaal:
        return
    article = "Tozo art. 10"
    status: Status
    if not rules.round.refuses_surseance:
        status, message = "satisfied", "surseance-telt-niet"
    elif inputs.surseance is None:
        status, message = "unknown", "surseance-onbekend"
    else:
        status, message = ("failed", "surseance-niet") if inputs.surseance else ("satisfied", "surseance-goed")
    yield _finding("surseance", "bedrijfskapitaal", article, status, message, "surseance")


def loan_room(inputs: TozoInputs) -> int | None:
    """Return what may still be lent under the maximum of all rounds together, or None when that is not known."""
    if inputs.eerdere_lening_cent is None:
        return None
    return max(0, data.LOAN_MAXIMUM_CENTS - inputs.eerdere_lening_cent)


def loan_maximum(inputs: TozoInputs, rules: RuleSet) -> Iterable[Finding]:
    """At most 10,157 euro over all rounds together."""
    if not inputs.vraagt_bedrijfskapitaal:
        return
    article, rests_on, room = "Tozo art. 10", "lening_cent eerdere_lening_cent", loan_room(inputs)
    top = data.LOAN_MAXIMUM_CENTS
    if room is None or inputs.lening_cent is None or inputs.eerdere_lening_cent is None:
        yield _finding("lening-maximum", "bedrijfskapitaal", article, "unknown", "maximum-onbekend", rests_on)
    elif inputs.lening_cent <= room:
        yield _finding("lening-maximum", "bedrijfskapitaal", article, "satisfied", "maximum-goed", rests_on,
                       lening_cent=inputs.lening_cent, hoogste_cent=top)  # fmt: skip
    elif room > 0:
        yield _finding("lening-maximum", "bedrijfskapitaal", article, "satisfied", "maximum-deels", rests_on,
                       eerder_cent=inputs.eerdere_lening_cent, hoogste_cent=top, rest_cent=room)  # fmt: skip
    else:
        yield _finding("lening-maximum", "bedrijfskapitaal", article, "failed", "maximum-niet", rests_on,
                       eerder_cent=inputs.eerdere_lening_cent, hoogste_cent=top)  # fmt: skip


ALL_RULES: Final = (
    application_period,
    truthfulness,
    age,
    residence,
    place_of_business,
    hours,
    registration,
    start,
    living_situation,
    partner_consent,
    wealth,
    months,
    income,
    loan_reason,
    suspension_of_payments,
    loan_maximum,
)
