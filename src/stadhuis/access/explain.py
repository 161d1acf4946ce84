"""Why somebody may do something with one row, or why not: the same grants as the predicate reads, told in steps.

Every step says whether it opens or shuts. The outcome is worked out from the steps, not asked of the predicate; a property
test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stadhuis.access.errors import NotFound, UnknownAction
from stadhuis.access.guards import Guarded, guarded
from stadhuis.access.reads import When, _moment, _Staff, barred_sql_of, conflict_sql_of, own_sql_of, owners_sql_of
from stadhuis.access.rules import ACTIONS, BARRED, EVERY_TYPE, ORDER, OWN_ACTIONS
from stadhuis.people import public as people

Effect = Literal["opens", "shuts", "nothing"]


@dataclass(frozen=True)
class Step:
    """One reason. ``code`` is for programs, ``text`` for people."""

    code: str
    effect: Effect
    text: str


@dataclass(frozen=True)
class Explanation:
    """The outcome with its steps, in the order in which they were weighed."""

    may: bool
    steps: tuple[Step, ...]
    day: date
    known: datetime


_MEMBERSHIPS = f"""
    SELECT r.naam, l.valid_from, l.valid_to, g.type_ref, g.max_level, g.valid_from, g.valid_to, COALESCE(p.naam, ''),
           l.approved_by <> '', COALESCE(b.naam, bound.code, ''), {people.units_below_sql("g.unit_id", "%(day)s")}
      FROM access_membership l
      JOIN access_role r ON r.id = l.role_id
      LEFT JOIN people_unitperiod p ON p.unit_id = l.unit_id AND p.valid_from <= %(day)s
           AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
      LEFT JOIN access_grant g ON g.role_id = l.role_id AND g.action = %(action)s
           AND g.recorded_from <= %(known)s AND (g.recorded_to IS NULL OR g.recorded_to > %(known)s)
      LEFT JOIN people_unit bound ON bound.id = g.unit_id
      LEFT JOIN people_unitperiod b ON b.unit_id = g.unit_id AND b.valid_from <= %(day)s
           AND (b.valid_to IS NULL OR b.valid_to > %(day)s)
     WHERE l.medewerker_id = %(medewerker)s
       AND l.recorded_from <= %(known)s AND (l.recorded_to IS NULL OR l.recorded_to > %(known)s)
     ORDER BY r.naam, l.valid_from, g.max_level DESC
"""


def explain(
    medewerker_id: int,
    action: str,
    *,
    kind: str,
    uuid: UUID,
    on: date | None = None,
    known_at: datetime | None = None,
) -> Explanation:
    """Return why a member of staff may do ``action`` with a row of a guarded table on a day, as we knew it at a moment.

    Raises ``NotFound`` for a row that is not there, ``UnknownAction`` and ``UnknownGuard``. The type and level of the
    row are those it has now; leaving dates and who somebody is as a resident are not kept in two times either.
    """
    if action not in ACTIONS:
        raise UnknownAction(action)
    table, when = guarded(kind), When.of(on, known_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, leaving_date, EXISTS (SELECT 1 FROM access_kin k WHERE k.medewerker_id = m.id AND"
            " k.recorded_from <= %(known)s AND (k.recorded_to IS NULL OR k.recorded_to > %(known)s))"
            " FROM people_medewerker m WHERE m.id = %(id)s",
            {"id": medewerker_id, "known": when.known},
        )
        who = cursor.fetchone()
        cursor.execute(
            _MEMBERSHIPS, {"day": when.day, "known": when.known, "action": action, "medewerker": medewerker_id}
        )
        memberships: list[tuple[Any, ...]] = cursor.fetchall()
        cursor.execute(
            _MEMBERSHIPS, {"day": when.day, "known": when.known, "action": BARRED, "medewerker": medewerker_id}
        )
        to_see_barred: list[tuple[Any, ...]] = cursor.fetchall()
    if who is None:
        raise NotFound(str(medewerker_id))
    person_id, leaving, has_kin = who
    staff = _Staff(medewerker_id, person_id, [], has_kin, True, True, when)
    row = _row(table, uuid, staff)
    if row is None:
        raise NotFound(str(uuid))
    type_ref, level, is_own, is_family, has_conflict, is_barred, glass_until, owners = row
    steps = [_about(type_ref, level, action)]
    if leaving is not None and leaving <= when.day:
        return _ended(steps, _step("left", "shuts", _("Werkt hier niet meer sinds %(day)s."), day=leaving), when)
    if any(one[10] is not None for one in (*memberships, *to_see_barred)):
        steps.append(_owned(owners, when))
    granted = [_of_membership(one, type_ref, level, owners, when) for one in memberships]
    steps += granted or [_step("no-role", "nothing", _("Heeft geen rol."))]
    if glass_until is not None:
        counts = action in OWN_ACTIONS and bool(table.case_sql)
        text = _("Heeft deze zaak met noodtoegang geopend, tot %(until)s.") if counts else _(
            "Heeft noodtoegang tot deze zaak, maar die geldt alleen voor lezen.")  # fmt: skip
        until = date_format(glass_until.astimezone(), "j F Y H:i")
        steps.append(Step("break-glass", "opens" if counts else "nothing", text % {"until": until} if counts else text))
    if is_own:
        steps.append(_step("own", "shuts", _("Is zelf betrokken bij deze zaak (Awb artikel 2:4).")))
    if is_family:
        steps.append(
            _step("family", "shuts", _("Partner, ouder of kind is betrokken bij deze zaak (Awb artikel 2:4)."))
        )
    if has_conflict:
        steps.append(_step("conflict", "shuts", _("Heeft gemeld een persoonlijk belang bij deze zaak te hebben.")))
    if is_barred:
        sees = any(_of_membership(one, type_ref, level, owners, when).effect == "opens" for one in to_see_barred)
        text = _("Het gaat om een afgeschermde persoon; een rol geeft het recht om die te zien.") if sees else _(
            "Het gaat om een afgeschermde persoon; geen rol geeft het recht om die te zien.")  # fmt: skip
        steps.append(Step("barred", "nothing" if sees else "shuts", text))
    return _outcome(steps, when)


def _outcome(steps: Sequence[Step], when: When) -> Explanation:
    effects = {step.effect for step in steps}
    may = "opens" in effects and "shuts" not in effects
    if "opens" not in effects:
        steps = [
            *steps,
            Step("nothing-opens", "shuts", _("Geen enkele rol geeft dit recht. Zonder recht blijft alles dicht.")),
        ]
    return Explanation(may, tuple(steps), when.day, when.known)


def _ended(steps: list[Step], last: Step, when: When) -> Explanation:
    return Explanation(False, (*steps, last), when.day, when.known)


def _step(code: str, effect: Effect, text: str, *, day: date | None = None) -> Step:
    return Step(code, effect, text % {"day": _day(day)} if day else text)


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def level_name(level: int) -> str:
    """Return the word of the standard for a level, as people read it."""
    return ORDER[level - 1].replace("_", " ")


def _about(type_ref: str, level: int, action: str) -> Step:
    text = _("Het gaat om %(action)s bij type %(type)s, vertrouwelijkheid %(level)s.") % {
        "action": action, "type": type_ref, "level": level_name(level),
    }  # fmt: skip
    return Step("about", "nothing", text)


def _owned(owners: Sequence[str], when: When) -> Step:
    """Say which units own it; what no unit owns belongs to the house itself."""
    names = {unit.code: unit.naam for unit in people.units(on=when.day)}
    named = ", ".join(sorted(names[code] for code in owners if code in names))
    text = _("Het ligt bij %(unit)s.") % {"unit": named} if named else _("Het ligt bij geen enkel team.")
    return Step("owner", "nothing", text)


def _of_membership(row: tuple[Any, ...], type_ref: str, level: int, owners: Sequence[str], when: When) -> Step:
    """Say what one role does: the first thing that keeps it from opening, or that it opens."""
    naam, valid_from, valid_to, ref, max_level, grant_from, grant_to, unit, approved, bound, units = row
    said = {"role": naam, "unit": unit, "bound": bound, "from": _day(valid_from), "to": _day(valid_to)}
    if valid_from > when.day:
        return Step("role-later", "nothing", _("Rol %(role)s begint pas op %(from)s.") % said)
    if valid_to is not None and valid_to <= when.day:
        return Step("role-ended", "nothing", _("Rol %(role)s is geëindigd op %(to)s.") % said)
    if ref is None:
        return Step("role-without", "nothing", _("Rol %(role)s geeft dit recht niet.") % said)
    said |= {"type": _("elk type") if ref == EVERY_TYPE else ref, "level": level_name(max_level)}
    if grant_from > when.day or (grant_to is not None and grant_to <= when.day):
        return Step("grant-ended", "nothing", _("Rol %(role)s had dit recht op die dag niet.") % said)
    if ref not in {EVERY_TYPE, type_ref}:
        return Step("other-type", "nothing", _("Rol %(role)s geeft dit recht alleen op %(type)s.") % said)
    if level > max_level:
        return Step("too-high", "nothing", _("Rol %(role)s reikt maar tot %(level)s.") % said)
    if units is not None and not set(units) & set(owners):
        return Step("other-unit", "nothing", _("Rol %(role)s geeft dit recht alleen bij %(bound)s.") % said)
    text = _("Rol %(role)s (%(unit)s) geeft dit recht op %(type)s tot en met %(level)s, sinds %(from)s.") % said
    if units is not None:
        text = f"{text} {_('Alleen bij %(bound)s, en daar ligt het.') % said}"
    return Step("role", "opens", f"{text} {_('Een tweede beheerder keurde het goed.')}" if approved else text)


def _row(table: Guarded, uuid: UUID, staff: _Staff) -> tuple[Any, ...] | None:
    """Return type, level, own, family, conflict, barred, until when break-glass is open, and the owners of one row.

    One statement.
    """
    if not table.table:
        return None
    no_family = replace(staff, has_kin=False)
    own = own_sql_of(table, no_family, "z") if table.involved_sql else ("TRUE" if staff.person_id else "")
    family = (
        own_sql_of(table, replace(staff, person_id=None), "z")
        if table.involved_sql
        else ("TRUE" if staff.has_kin else "")
    )
    conflict = conflict_sql_of(table, staff, "z") if table.case_sql else "FALSE"
    barred = barred_sql_of(table, staff.when, "z") if table.involved_sql else "FALSE"
    cases = table.case_sql.replace("{alias}", "z")
    glass = "NULL::timestamptz" if not cases else (
        f"(SELECT max(b.ends_at) FROM access_breakglass b WHERE b.medewerker_id = {int(staff.pk)}"
        f" AND b.starts_at <= {_moment(min(staff.when.known, staff.when.until))} AND b.ends_at > {_moment(staff.when.since)}"
        f" AND b.zaak_uuid IN ({cases}))"
    )  # fmt: skip
    owners = f"ARRAY({owners_sql_of(table, staff.when, 'z')})" if table.unit_then_sql else "ARRAY[]::text[]"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT z.{table.type_column}, {table.level_sql('z')}, {own or 'FALSE'}, {family or 'FALSE'}, {conflict}, {barred}, {glass},"
            f" {owners}"
            f"  FROM {table.table} z WHERE z.uuid = %s",
            [uuid],
        )
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found
