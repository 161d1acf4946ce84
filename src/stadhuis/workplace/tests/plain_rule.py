"""Who may what, told a second time: plain Python over the rows as they lie in the tables.

The matrices compare the house with this. It shares no code with ``access`` and is deliberately simple and slow: it reads
whole tables once and walks through them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from stadhuis.kit.time import today
from stadhuis.people.public import Actor

LEVELS = (
    "openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel", "geheim",
    "zeer_geheim",
)  # fmt: skip
READING = {"zaak.lezen", "document.lezen", "besluit.lezen"}
ADMINISTRATION = {"beheer.mensen", "beheer.toegang", "beheer.naspeuren", "beheer.draaien", "beheer.catalogus"}
Row = dict[str, Any]


def rows(table: str) -> list[Row]:
    """Return a whole table."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def level_of(word: str) -> int:
    """Return 1..8."""
    return LEVELS.index(word) + 1


def holds(row: Row, day: date) -> bool:
    """Return whether a bitemporal row counts on a day, as we know it now."""
    return bool(
        row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
        and row["recorded_from"] <= _now()
        and (row["recorded_to"] is None or _now() < row["recorded_to"])
    )


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Who:
    """A persona as far as the rule asks."""

    kind: str = "nobody"
    person_id: int | None = None
    company_id: int | None = None
    medewerker_id: int | None = None
    services: tuple[str, ...] = ()
    branch: str = ""
    level: str = ""

    @classmethod
    def of(cls, actor: Actor | None) -> Who:
        """Return what the rule asks of whoever is logged in."""
        if actor is None:
            return cls()
        if actor.kind == "staff":
            return cls("staff", medewerker_id=actor.pk)
        whose = actor.acting_for or actor
        bounds = dict(actor.mandate)
        return cls(
            actor.kind,
            person_id=whose.pk if whose.kind == "resident" else None,
            company_id=whose.pk if whose.kind == "company" else None,
            services=tuple(bounds.get("services", "").split()) if actor.acting_for else (),
            branch=bounds.get("branch", ""),
            level=actor.level or "substantial",
        )


@dataclass
class PlainRule:
    """The rows of the moment it was made, and the rule over them."""

    day: date = field(default_factory=today)

    def __post_init__(self) -> None:
        self.zaken = {row["uuid"]: row for row in rows("zaken_zaak")}
        self.documents = {row["uuid"]: row for row in rows("documenten_document")}
        self.medewerkers = {row["id"]: row for row in rows("people_medewerker")}
        self.rollen: dict[int, list[Row]] = defaultdict(list)
        for row in rows("zaken_rol"):
            self.rollen[row["zaak_id"]].append(row)
        self.links = {(row["zaak_id"], row["document_id"]) for row in rows("zaken_zaakinformatieobject")}
        self.types = {row["id"]: row for row in rows("catalogi_zaaktype")}
        self.memberships, self.grants = rows("access_membership"), rows("access_grant")
        self.kin, self.conflicts = rows("access_kin"), rows("access_conflict")
        self.glasses, self.bars = rows("access_breakglass"), rows("access_bar")
        self.autorisaties = rows("access_autorisatie")
        self.owners = {(row["kind"], row["object_uuid"]): row["owner_unit"] for row in rows("records_record")}
        self.units = {row["id"]: row["code"] for row in rows("people_unit")}
        self.unit_periods = rows("people_unitperiod")
        self.applicaties = {row["id"]: row for row in rows("access_applicatie")}
        self.clients = {row["client_id"]: row["applicatie_id"] for row in rows("access_client")}

    # -- People ---------------------------------------------------------------------------------------------------------
    def works_here(self, who: Who) -> bool:
        """Return whether a member of staff has not left."""
        row = self.medewerkers[who.medewerker_id]
        return row["leaving_date"] is None or row["leaving_date"] > self.day

    def grants_of(self, who: Who) -> list[Row]:
        """Return the grants somebody has today by a role."""
        if who.kind != "staff" or not self.works_here(who):
            return []
        held = {
            row["role_id"]
            for row in self.memberships
            if row["medewerker_id"] == who.medewerker_id and holds(row, self.day)
        }
        return [row for row in self.grants if row["role_id"] in held and holds(row, self.day)]

    def administers(self, who: Who) -> set[str]:
        """Return the areas of administration; a guest administers nothing."""
        found = {row["action"] for row in self.grants_of(who)} & ADMINISTRATION
        return set() if found and self.medewerkers[who.medewerker_id]["is_guest"] else found

    def may(self, who: Who, action: str, zaak_uuid: UUID, *, level: int = 0) -> bool:
        """Return whether somebody may do this with a zaak; ``level`` when what is asked is more confidential than the zaak."""
        zaak = self.zaken.get(zaak_uuid)
        if zaak is None:
            return False
        level = max(level, zaak["vertrouwelijkheid_orde"])
        if who.kind in ("resident", "company"):
            return action in READING and self.is_own(who, zaak)
        if who.kind != "staff" or not self.works_here(who):
            return False
        owner = self.owners[("zaak", zaak_uuid)]
        granted = self._has_grant(who, action, zaak["zaaktype_ref"], level, owner)
        opened = action in READING and any(
            row["medewerker_id"] == who.medewerker_id
            and row["zaak_uuid"] == zaak_uuid
            and row["starts_at"] <= _now() < row["ends_at"]
            for row in self.glasses
        )
        if self.is_barred(zaak) and not self._has_grant(
            who, "persoon.afgeschermd", zaak["zaaktype_ref"], zaak["vertrouwelijkheid_orde"], owner
        ):
            return False
        return (granted or opened) and not self.touches(who, zaak)

    def _has_grant(self, who: Who, action: str, type_ref: str, level: int, owner: str) -> bool:
        return any(
            row["action"] == action
            and row["type_ref"] in ("*", type_ref)
            and level <= row["max_level"]
            and (row["unit_id"] is None or owner in self.codes_under(row["unit_id"]))
            for row in self.grants_of(who)
        )

    def codes_under(self, unit_id: int) -> set[str]:
        """Return the code of a unit and of every one that hangs below it today, or hung there when it ended."""
        last = {row["unit_id"]: row for row in sorted(self.unit_periods, key=_begin) if row["valid_from"] <= self.day}
        found = {unit_id}
        for _ in last:
            found |= {child for child, row in last.items() if row["parent_id"] in found}
        return {self.units[one] for one in found}

    def is_barred(self, zaak: Row) -> bool:
        """Return whether somebody in a zaak is barred today: only who has the right for it sees that there is one."""
        persons = {
            row["person_id"]
            for row in self.bars
            if row["starts_at"] <= _now()
            and (row["lifted_at"] is None or _now() < row["lifted_at"])
            and (row["ends_on"] is None or self.day < row["ends_on"])
        }
        return any(rol["person_id"] in persons for rol in self.rollen[zaak["id"]])

    def may_loose(self, who: Who, kind: str, uuid: UUID) -> bool:
        """Return whether a member of staff may open a document or besluit that belongs to no zaak itself."""
        table, ref = {
            "document": ("documenten_document", "informatieobjecttype_ref"),
            "besluit": ("besluiten_besluit", "besluittype_ref"),
        }[kind]
        [row] = [row for row in rows(table) if row["uuid"] == uuid]
        owners = {self.owners[(kind, uuid)]} if (kind, uuid) in self.owners else self._owners_by_besluit(row)
        level = row.get("vertrouwelijkheid_orde") or 1
        return any(self._has_grant(who, f"{kind}.lezen", row[ref], level, owner) for owner in owners)

    def _owners_by_besluit(self, document: Row) -> set[str]:
        """Return who owns the besluiten that a document lays down: their zaken, or they themselves."""
        besluiten = {row["id"]: row for row in rows("besluiten_besluit")}
        zaken = {row["id"]: row["uuid"] for row in self.zaken.values()}
        laid_down = [
            besluiten[row["besluit_id"]]
            for row in rows("besluiten_besluitinformatieobject")
            if row["document_id"] == document["id"]
        ]
        return {
            self.owners[("zaak", zaken[one["zaak_id"]]) if one["zaak_id"] else ("besluit", one["uuid"])]
            for one in laid_down
        }

    def is_own(self, who: Who, zaak: Row) -> bool:
        """Return whether a zaak is a resident's or company's own, within the bounds of who acts for them."""
        service = zaak["zaaktype_ref"].split(":")[1]
        if who.services and service not in who.services:
            return False
        for rol in self.rollen[zaak["id"]]:
            theirs = (who.person_id is not None and rol["person_id"] == who.person_id) or (
                who.company_id is not None and rol["company_id"] == who.company_id
            )
            asked = rol["omschrijving_generiek"] in ("initiator", "mede_initiator")
            mandated = rol["indicatie_machtiging"] != "" and not _json(rol["authenticatie_context"]).get("acting")
            branch = _json(rol["betrokkene_identificatie"]).get("vestigingsNummer")
            if theirs and (asked or mandated) and who.branch in ("", branch):
                return True
        return False

    def touches(self, who: Who, zaak: Row) -> bool:
        """Return whether a zaak is of the member of staff, of the family, or one they said they have an interest in."""
        persons = {self.medewerkers[who.medewerker_id]["person_id"]} | {
            row["person_id"] for row in self.kin if row["medewerker_id"] == who.medewerker_id and _is_known(row)
        }
        persons.discard(None)
        return any(rol["person_id"] in persons for rol in self.rollen[zaak["id"]]) or any(
            row["zaak_uuid"] == zaak["uuid"] and row["medewerker_id"] == who.medewerker_id and _is_known(row)
            for row in self.conflicts
        )

    def may_open(self, who: Who, zaak_uuid: UUID, document_uuid: UUID) -> bool:
        """Return whether somebody may open a document of a zaak."""
        zaak, document = self.zaken.get(zaak_uuid), self.documents.get(document_uuid)
        if zaak is None or document is None or (zaak["id"], document["id"]) not in self.links:
            return False
        if who.kind in ("resident", "company") and not document["tonen_aan_initiator"]:
            return False
        level = document["vertrouwelijkheid_orde"] or 1
        return self.may(who, "zaak.lezen", zaak_uuid) and self.may(who, "document.lezen", zaak_uuid, level=level)

    def owns(self, who: Who, table: str, key: Any) -> bool:
        """Return whether a row of a table belongs to somebody: to the person, the company or the member of staff it names."""
        for row in rows(table):
            if str(row.get("uuid", row["id"])) == str(key):
                return any(
                    theirs is not None and row.get(column) == theirs
                    for column, theirs in (
                        ("person_id", who.person_id),
                        ("company_id", who.company_id),
                        ("medewerker_id", who.medewerker_id),
                        ("sponsor_id", who.medewerker_id),
                    )
                )
        return False

    # -- Programs -------------------------------------------------------------------------------------------------------
    def has_scope(self, client_id: str, component: str, scopes: tuple[str, ...]) -> bool:
        """Return whether an application has one of the scopes on anything at all."""
        applicatie = self.applicaties[self.clients[client_id]]
        if applicatie["heeft_alle_autorisaties"]:
            return True
        if component == "ztc" and "catalogi.lezen" in scopes:
            # Who may read zaken or documents reads what describes them (ztc-014).
            return any(
                self._has(applicatie, of, wanted)
                for of, wanted in (("ztc", scopes), ("zrc", ("zaken.lezen",)), ("drc", ("documenten.lezen",)))
            )
        return self._has(applicatie, component, scopes)

    def sees_barred(self, client_id: str) -> bool:
        """Return whether an application sees zaken of barred persons."""
        applicatie = self.applicaties[self.clients[client_id]]
        return bool(applicatie["heeft_alle_autorisaties"]) or any(
            row["applicatie_id"] == applicatie["id"] and "persoonsgegevens.afgeschermd" in row["scopes"]
            for row in self.autorisaties
        )

    def _has(self, applicatie: Row, component: str, scopes: tuple[str, ...]) -> bool:
        return any(
            row["applicatie_id"] == applicatie["id"]
            and row["component"] == component
            and set(scopes) & set(row["scopes"])
            for row in self.autorisaties
        )

    def program_may(
        self, client_id: str, component: str, scopes: tuple[str, ...], *, type_ref: str, type_uuid: UUID, level: int
    ) -> bool:
        """Return whether an application has one of the scopes on something of this type and level."""
        applicatie = self.applicaties[self.clients[client_id]]
        if applicatie["heeft_alle_autorisaties"]:
            return True
        for row in self.autorisaties:
            if row["applicatie_id"] != applicatie["id"] or row["component"] != component:
                continue
            if row["domein"]:
                of_type = type_ref.startswith(row["domein"] + ":")
            else:
                of_type = row["type_ref"] in ("*", type_ref) if row["all_versions"] else row["type_uuid"] == type_uuid
            highest = row["max_level"] if row["max_level"] is not None else (8 if component == "brc" else 0)
            if set(scopes) & set(row["scopes"]) and of_type and level <= highest:
                return True
        return False


def _is_known(row: Row) -> bool:
    return bool(row["recorded_from"] <= _now() and (row["recorded_to"] is None or _now() < row["recorded_to"]))


def _begin(row: Row) -> date:
    begin: date = row["valid_from"]
    return begin


def _json(value: Any) -> Row:
    if isinstance(value, str):
        import json

        return dict(json.loads(value))
    return dict(value or {})
