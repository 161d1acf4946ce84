"""Write docs/terms.md from the terms that the law room knows, or with --check say whether it is true."""

from __future__ import annotations

import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "terms.md"
HEAD = """# Terms of law

Every term that Stadhuis counts, from `src/stadhuis/law/terms.py`. This page is written by `script/terms_page.py`; a test compares it
with the code. The day of the event itself never counts: the first day is the day after. Days are those of the Netherlands
(Europe/Amsterdam), so the night the clock changes adds nothing and takes nothing away. The term of a zaaktype without a term of law of
its own is its `doorlooptijd`, with one extension of at most its `verlengingstermijn`.

"Atw" says whether the last day moves off a Saturday, Sunday or holiday (Algemene termijnenwet art. 1, 2 and 4). "Not read" marks what
is general knowledge and must be checked before anything rests on it. The cases stand in `src/stadhuis/law/tests/golden.py` and are run
by `test_golden.py`; how standstills overlap, in whatever order they are entered, is held by the property tests of `test_clock.py`.
"""
TERMS = """
## The terms

| term | article | length | runs from | Atw | extension | stands still | penalty of 4:17 | held by the case |
|---|---|---|---|---|---|---|---|---|
"""
GROUNDS = """
## What makes a term stand still

Whatever is not in this list has no effect on that term, and the answer says so.

| law | what happened | article |
|---|---|---|
"""
HOLIDAYS = """
## Days of royal decrees

On a par with a public holiday (Atw art. 3 lid 3); the holidays of lid 1 and 2 are computed and compared with the library `holidays` in a
test. A year without a decree gives answers that say the day may still move. Source: `src/stadhuis/law/decrees.py`.

| years | days | source |
|---|---|---|
"""
AMOUNTS = """
## Amounts of the penalty

Per day, in euros, for runs of days (Awb 4:17 lid 2; indexed by ministerial regulation, Awb 11:2). Source: `src/stadhuis/law/penalty.py`.

| from | per day | at most | source |
|---|---|---|---|
"""
OUTAGE = """
## Outages

A channel that was down on the last day of a sender's term moves that day to the first working day after the outage; an outage in the
{days} days before it is named, for a person to weigh (Awb 2:21 lid 3, [decision 0023](decisions/0023-outage-on-the-last-day.md)). Our own terms
do not move. Held by `test_clock.py`: `test_an_outage_on_the_last_day_moves_the_term_of_the_sender_and_not_ours`.
"""
UNITS = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


def _length(length: int, unit: str) -> str:
    return f"{length} {UNITS[unit]}{'' if length == 1 else 's'}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def page() -> str:
    """Return the text of the page."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    from stadhuis.law import clock, decrees, penalty, terms
    from stadhuis.law.tests.golden import GOLDEN

    term_rows = []
    for term in terms.TERMS.values():
        extension = "no"
        if term.longest_extension:
            extension = f"once, {_length(*term.longest_extension)} ({term.extension_article})"
        elif term.extension_article:
            extension = f"by notice ({term.extension_article})"
        doubt = "" if term.is_confirmed else "; not read"
        source = f"; {term.source}" if term.source else ""
        cases = [
            f"{case.name}" + (f" ({case.source})" if case.source != "calendar" else "")
            for case in GOLDEN
            if case.term == term.id
        ]
        term_rows.append(
            _row(
                f"`{term.id}`",
                f"{term.article}{source}{doubt}",
                _length(term.length, term.unit) + (", counted back" if term.is_counted_back else ""),
                term.starts,
                "yes" if terms.atw_applies(term) else "no",
                extension,
                f"[{term.regime}](#what-makes-a-term-stand-still)" if clock.REGIMES[term.regime] else "never",
                "yes" if term.has_penalty else "no",
                "; ".join(cases),
            )
        )
    ground_rows = [
        _row(regime, kind.value, article)
        for regime, grounds in clock.REGIMES.items()
        for kind, article in grounds.items()
    ]
    decree_rows = [
        _row(
            f"{min(decree.years)}-{max(decree.years)}",
            ", ".join(day.isoformat() for day in decree.days),
            decree.source + ("" if decree.is_confirmed else " (not confirmed)"),
        )
        for decree in decrees.DECREES
    ]
    amount_rows = [
        _row(
            table.valid_from.isoformat(),
            ", ".join(f"{days} days at {cents / 100:.2f}" for days, cents in table.runs),
            f"{table.cents(table.longest_days) / 100:.2f} in {table.longest_days} days",
            table.source + ("" if table.is_confirmed else " (not confirmed)"),
        )
        for table in penalty.PENALTY_TABLES
    ]
    parts = [
        HEAD,
        TERMS + "\n".join(term_rows) + "\n",
        GROUNDS + "\n".join(ground_rows) + "\n",
        HOLIDAYS + "\n".join(decree_rows) + "\n",
        AMOUNTS + "\n".join(amount_rows) + "\n",
        OUTAGE.format(days=clock.NEAR_THE_END.days),
    ]
    return "".join(parts)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(
            0 if PAGE.exists() and PAGE.read_text() == page() else "docs/terms.md is behind: run script/terms_page.py"
        )
    PAGE.write_text(page())
