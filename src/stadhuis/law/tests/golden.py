"""Cases with a known outcome: from case law, and from the examples of the research that this room rests on.

Facts only, in own words. A case without a source is counted by hand on a calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from stadhuis.law.public import Event, EventKind


@dataclass(frozen=True)
class Golden:
    """What a term that starts on a day must give."""

    name: str
    term: str
    start: date
    last_day: date
    events: tuple[Event, ...] = ()
    source: str = "calendar"


GOLDEN: Final = (
    Golden("eight weeks from a Monday", "awb-4-13", date(2021, 5, 17), date(2021, 7, 12)),
    Golden(
        "ten days stood still for a supplement", "awb-4-13", date(2021, 5, 17), date(2021, 7, 22),
        (Event(EventKind.INVITED, date(2021, 5, 20), until=date(2021, 6, 3)), Event(EventKind.SUPPLEMENTED, date(2021, 5, 31))),
        "Awb 4:15 lid 1 onder a",
    ),
    Golden(
        "asked for more without naming a term", "awb-4-13", date(2021, 5, 17), date(2021, 7, 12),
        (Event(EventKind.INVITED, date(2021, 5, 20)),), "ABRvS 2016:2527",
    ),
    Golden("a supplement that came too late is laid aside", "awb-4-5", date(2021, 6, 3), date(2021, 7, 1)),
    Golden("two weeks after a default notice", "awb-4-17", date(2023, 7, 10), date(2023, 7, 24), (), "ECLI:NL:RBMNE:2024:6245 (day of the notice)"),
    Golden("the penalty is fixed within two weeks", "awb-4-18", date(2021, 9, 14), date(2021, 9, 28)),
    Golden("a sum is paid within six weeks", "awb-4-87", date(2021, 9, 28), date(2021, 11, 9)),
    Golden("sent on 11 May, appeal of 28 June too late", "awb-6-7", date(2021, 5, 11), date(2021, 6, 22), (), "ECLI:NL:RBDHA:2023:7383"),
    Golden("decision of 14 April, objection until 26 May", "awb-6-7", date(2023, 4, 14), date(2023, 5, 26), (), "ECLI:NL:RBMNE:2024:6245"),
    Golden("the last day is 2 January 2026, by decree a holiday", "awb-6-7", date(2025, 11, 21), date(2026, 1, 5)),
    Golden("over the night the clock goes back", "awb-6-7", date(2026, 10, 5), date(2026, 11, 16)),
    Golden("over the night the clock goes forward", "awb-6-7", date(2026, 3, 2), date(2026, 4, 13)),
    Golden(
        "the portal is down on the last day", "awb-6-7", date(2021, 6, 1), date(2021, 7, 19),
        (Event(EventKind.OUTAGE, date(2021, 7, 13), until=date(2021, 7, 16), channel="portaal"),), "Awb 2:21 lid 3, decision 0023",
    ),
    Golden("posted in time, received within a week", "awb-6-9", date(2021, 7, 13), date(2021, 7, 20)),
    Golden("papers until ten days before the hearing", "awb-7-4", date(2021, 5, 25), date(2021, 5, 15)),
    Golden("objection ended 26 May, decide by 7 July", "awb-7-10", date(2023, 5, 26), date(2023, 7, 7), (), "ECLI:NL:RBMNE:2024:6245"),
    Golden(
        "a bezwaar postponed by six weeks", "awb-7-10", date(2023, 5, 26), date(2023, 8, 18),
        (Event(EventKind.EXTENDED, date(2023, 7, 3), length=6, unit="weeks"),), "Awb 7:10 lid 3",
    ),
    Golden("twelve weeks with a committee", "awb-7-10-commissie", date(2021, 7, 13), date(2021, 10, 5)),
    Golden("ask within two weeks what is meant", "woo-4-1", date(2024, 7, 2), date(2024, 7, 16)),
    Golden("asked on 2 July, decide by 30 July", "woo-4-4", date(2024, 7, 2), date(2024, 7, 30), (), "ECLI:NL:RBMNE:2025:654"),
    Golden(
        "a Woo request extended by two weeks", "woo-4-4", date(2024, 7, 2), date(2024, 8, 13),
        (Event(EventKind.EXTENDED, date(2024, 7, 25), length=2, unit="weeks"),), "Woo 4.4 lid 2",
    ),
    Golden(
        "third parties give their views for two weeks", "woo-4-4", date(2024, 7, 2), date(2024, 8, 13),
        (Event(EventKind.THIRD_PARTY_VIEWS, date(2024, 7, 8), until=date(2024, 7, 21)),), "Woo 4.4 lid 3",
    ),
    Golden("documents two weeks after the decision", "woo-4-4-verstrekken", date(2024, 7, 30), date(2024, 8, 13)),
    Golden("a report is looked into within six weeks", "wmo-onderzoek", date(2021, 5, 17), date(2021, 6, 28)),
    Golden("then decided within two weeks", "wmo-besluit", date(2021, 6, 28), date(2021, 7, 12)),
    Golden("one month, on a Saturday, does not move", "avg-12", date(2021, 5, 5), date(2021, 6, 5)),
    Golden(
        "and two months more", "avg-12", date(2021, 5, 5), date(2021, 8, 5),
        (Event(EventKind.EXTENDED, date(2021, 6, 1), length=2, unit="months"),), "AVG 12 lid 3",
    ),
)  # fmt: skip
