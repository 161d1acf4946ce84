"""The component library as template tags; ``docs/components.md`` is its cheat sheet.

Each tag makes its facts ready and draws one template of ``kit/components/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.context import Context
from django.utils.encoding import force_str
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stadhuis.kit.pages import assets, components, fields
from stadhuis.kit.time import local
from stadhuis.kit.time import today as kit_today

register = template.Library()

BUTTON_KINDS = {
    "primary": "utrecht-button--primary-action",
    "secondary": "utrecht-button--secondary-action",
    "subtle": "utrecht-button--subtle",
    "danger": "utrecht-button--secondary-action utrecht-button--danger",
}
NOTICE_ICONS = {"info": "info", "ok": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}
BADGE_TONES = {
    "neutral": "neutral",
    "info": "info",
    "busy": "busy",
    "ok": "success",
    "warning": "warning",
    "late": "danger",
}
_MONTHS_NL = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _draw(name: str, /, **values: Any) -> SafeString:
    return components.draw(name, values)


def _rows(items: Any) -> list[Any]:
    return list(items or ())


# -- Words and actions ------------------------------------------------------------------------------------------------
@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a built file. Raises ``AssetsNotBuilt``."""
    return assets.url(name)


@register.simple_tag
@components.offer_component
def icon(name: str, size: str = "md", label: str = "") -> SafeString:
    """Draw an icon inside the text; without a label it is decoration."""
    return _icon(name, size, str(label))


@lru_cache(maxsize=1024)
def _icon(name: str, size: str, label: str) -> SafeString:
    shapes = mark_safe(assets.icon_shapes(name))  # noqa: S308 (a file of ours)
    if label:
        return format_html(
            '<svg class="icon icon--{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', size, label, shapes
        )
    return format_html(
        '<svg class="icon icon--{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', size, shapes
    )


@register.simple_tag
def heading(level: int, text: object, id: str = "", caption: object = "", size: int = 0) -> SafeString:
    """Draw a heading; ``size`` gives it the looks of another level."""
    return _draw("heading", level=level, text=text, id=id, caption=caption, size=size or level)


@register.simple_tag
def button(text: object, kind: str = "primary", type: str = "submit", print: bool = False, **more: Any) -> SafeString:
    """Draw a button."""
    shown = {"name": "", "value": "", "icon": "", "form": "", "describe": "", "skip_checks": False, "busy": ""} | more
    return _draw(
        "button", text=text, classes=BUTTON_KINDS[kind], type="button" if print else type, prints=print, **shown
    )


@register.simple_tag
@components.offer_component
def link_button(
    text: object, href: str, kind: str = "primary", icon: str = "", icon_after: str = "", describe: object = ""
) -> SafeString:
    """Draw a link that looks like a button: it goes somewhere and changes nothing."""
    classes = BUTTON_KINDS[kind]
    return _draw(
        "link_button", text=text, href=href, classes=classes, icon=icon, icon_after=icon_after, describe=describe
    )


@register.simple_tag(takes_context=True)
def post_button(context: Context, text: object, action: str, kind: str = "subtle", **more: Any) -> SafeString:
    """Draw a form of its own with one button."""
    shown = {"icon": "", "name": "", "value": "", "next": "", "describe": ""} | more
    token = context.get("csrf_token", "")
    return _draw("post_button", text=text, action=action, classes=BUTTON_KINDS[kind], token=token, **shown)


@register.simple_block_tag
def actions(content: str, back: str = "", sticky: bool = False, align: str = "start") -> SafeString:
    """Draw a bar of buttons."""
    return _draw("actions", content=content, back=back, sticky=sticky, align=align)


@register.simple_tag
def breadcrumb(items: Any) -> SafeString:
    """Draw the way to this page."""
    return _draw("breadcrumb", items=_rows(items))


# -- Forms ------------------------------------------------------------------------------------------------------------
@register.simple_tag
def field(kind: str = "", name: str = "", label: object = "", of: Any = None, **more: Any) -> SafeString:
    """Draw a form field with its label, hint and errors."""
    given: dict[str, Any] = dict(of) if isinstance(of, Mapping) else dict(vars(of)) if of is not None else {}
    given.update(more)
    ready = fields.prepare(
        kind or force_str(given.get("kind") or "text"),
        name or force_str(given.get("name") or ""),
        label or given.get("label") or "",
        given,
    )
    return components.draw(ready.template, {"field": ready, "extra": ready.extra})


@register.simple_block_tag
def fieldset(content: str, legend: object, hint: object = "", size: int = 2, id: str = "") -> SafeString:
    """Draw a group of fields under one legend."""
    return _draw("fieldset", content=content, legend=legend, hint=hint, size=size, id=id)


@register.simple_tag
def error_summary(errors: Any, title: object = "") -> SafeString | str:
    """Draw what is wrong on this page, each line a link to its field; nothing when all is well."""
    lines = [
        {"field": each.get("id") or each.get("field") or "", "text": each["text"]}
        if isinstance(each, Mapping)
        else {"field": each[0], "text": each[1]}
        for each in _rows(errors.items() if isinstance(errors, Mapping) else errors)
    ]
    return _draw("error_summary", lines=lines, title=title) if lines else ""


@register.simple_tag
def autosave_status() -> SafeString:
    """Draw the place where 'Opgeslagen' appears."""
    return _draw("autosave_status")


# -- Showing things ---------------------------------------------------------------------------------------------------
@register.simple_block_tag
def notice(content: str, kind: str = "info", title: object = "", level: int = 2, live: bool = False) -> SafeString:
    """Draw a notice inside the page."""
    return _draw("notice", content=content, kind=kind, icon=NOTICE_ICONS[kind], title=title, level=level, live=live)


@register.simple_tag
def summary(rows: Any, title: object = "", level: int = 2, url: str = "", compact: bool = False) -> SafeString:
    """Draw keys and values."""
    return _draw("summary", rows=_rows(rows), title=title, level=level, url=url, compact=compact)


@register.simple_block_tag
def table(
    content: str, caption: object, stacked: bool = False, hide_caption: bool = False, dense: bool = False
) -> SafeString:
    """Draw a table that stays usable on a narrow screen."""
    return _draw("table", content=content, caption=caption, stacked=stacked, hide_caption=hide_caption, dense=dense)


@register.simple_tag
@components.offer_component
def badge(text: object, tone: str = "neutral") -> SafeString:
    """Draw a status in words on a coloured ground."""
    return _badge(conditional_escape(force_str(text)), tone)


@lru_cache(maxsize=512)
def _badge(text: SafeString, tone: str) -> SafeString:
    """Draw a badge; the text is escaped before, so that equal keys are equal texts."""
    return _draw("badge", text=text, tone=BADGE_TONES[tone])


@register.simple_tag
def steps(items: Any, label: object = "") -> SafeString:
    """Draw the steps of a form and where you are."""
    rows = _rows(items)
    current = next((number for number, row in enumerate(rows, start=1) if row.get("state") == "current"), 0)
    # Drawn as a bar: eight tenths of the way are eight classes, because the CSP allows no style attribute.
    tenths = round(10 * current / len(rows)) if rows else 0
    name = rows[current - 1]["text"] if current else ""
    return _draw("steps", items=rows, label=label, current=current, name=name, total=len(rows), tenths=tenths)


@register.simple_tag
def timeline(items: Any) -> SafeString:
    """Draw what happened."""
    rows = [{**_NOTHING_HAPPENED, **row, "at": _when(row.get("when"))} for row in _rows(items)]
    return _draw("timeline", items=rows)


# Every key is there: a template that looks for a missing one takes ten times as long, and a case has many files.
_NOTHING_HAPPENED: Final = {"state": "", "tone": "", "title": "", "by": "", "text": "", "url": "", "link": ""}
_NO_FILE: Final = {"name": "", "url": "", "size": None, "kind": "", "when": None, "id": "", "sha256": "", "note": ""}


@register.simple_block_tag
def empty(
    content: str, title: object, icon: str = "inbox", url: str = "", action: object = "", level: int = 2
) -> SafeString:
    """Draw what stands where nothing is yet."""
    return _draw("empty", content=content, title=title, icon=icon, url=url, action=action, level=level)


@register.simple_tag
def pagination(pages: Mapping[str, Any], unit: object = "") -> SafeString | str:
    """Draw the way to the other pages of a list; nothing when there is one page."""
    if not pages or int(pages.get("count") or 1) < 2:
        return ""
    return _draw("pagination", pages=pages, unit=unit)


@register.simple_tag
@components.offer_component
def file_list(files: Any = None, remove: str = "", empty: object = "", id: str = "") -> SafeString:
    """Draw files with kind and size."""
    rows = [{**_NO_FILE, **row} for row in _rows(files)]
    return _draw("file_list", files=rows, remove=remove, empty=empty, id=id)


@register.simple_tag
def tabs(items: Any, label: object) -> SafeString:
    """Draw links to the parts of one thing."""
    return _draw("tabs", items=_rows(items), label=label)


@register.simple_tag
def deadline(
    on: date | None, today: date | None = None, closed: bool = False, warn_days: int = 7, short: bool = False
) -> SafeString | str:
    """Draw a date with how long it still is, in words and tone."""
    if on is None:
        return ""
    days = (on - (today or kit_today())).days
    tone = "neutral" if closed else "late" if days < 0 else "warning" if days <= warn_days else "neutral"
    return _deadline(on, "" if closed else str(_days_left(days)), tone, short, get_language() or "")


@lru_cache(maxsize=2048)
def _deadline(on: date, text: str, tone: str, short: bool, language: str) -> SafeString:
    """Draw a deadline; a list shows the same few days again and again."""
    return _draw("deadline", on=on, text=text, tone=tone, short=short)


@register.simple_block_tag
def confirmation(
    content: str, title: object, number: object = "", number_label: object = "", when: date | None = None
) -> SafeString:
    """Draw the receipt of something that was sent."""
    return _draw("confirmation", content=content, title=title, number=number, number_label=number_label, at=_when(when))


@register.simple_block_tag
def card(content: str, title: object, href: str = "", level: int = 3, **more: Any) -> SafeString:
    """Draw a card; with ``href`` the whole card is one link."""
    shown = {"icon": "", "meta": "", "badge": "", "tone": "neutral", "action": ""} | more
    return _draw("card", content=content, title=title, href=href, level=level, **shown)


@register.simple_tag
def figures(items: Any) -> SafeString:
    """Draw a row of counts."""
    return _draw("figures", items=_rows(items))


@register.simple_block_tag
def disclosure(content: str, title: object, open: bool = False) -> SafeString:
    """Draw something that can be unfolded."""
    return _draw("disclosure", content=content, title=title, open=open)


@register.simple_block_tag
def poll(content: str, url: str, seconds: int = 30, id: str = "", live: bool = False) -> SafeString:
    """Draw a part that asks the server now and then whether it has changed."""
    return _draw("poll", content=content, url=url, seconds=seconds, id=id, live=live)


# -- Filters ----------------------------------------------------------------------------------------------------------
@register.filter
@components.offer_filter
def day(value: date | str | None) -> str:
    """Return a date in words: 17 mei 2021."""
    on = _as_date(value)
    if on is None:
        return force_str(value or "")
    months = _MONTHS_EN if get_language() == "en" else _MONTHS_NL
    return f"{on.day} {months[on.month - 1]} {on.year}"


@register.filter
@components.offer_filter
def day_short(value: date | str | None) -> str:
    """Return a date in figures: 17-05-2021."""
    on = _as_date(value)
    return force_str(value or "") if on is None else f"{on:%d-%m-%Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """Return date and time on the clock of the Netherlands: 17 mei 2021 om 14.05 uur."""
    if not isinstance(value, datetime):
        return day(value)
    here = local(value)
    if get_language() == "en":
        return f"{day(here)} at {here:%H:%M}"
    return f"{day(here)} om {here:%H.%M} uur"


@register.filter
def euro(cents: int | str | None) -> str:
    """Return an amount in cents as euros: € 1.052,32."""
    if cents is None or cents == "":
        return ""
    whole, rest = divmod(abs(int(cents)), 100)
    mark = "," if get_language() != "en" else "."
    sign = "-" if int(cents) < 0 else ""
    return f"€\u00a0{sign}{number_format(whole, force_grouping=True)}{mark}{rest:02d}"


@register.filter
@components.offer_filter
def filesize(size: int | str | None) -> str:
    """Return a size in bytes for people: 1,2 MB."""
    if size is None or size == "":
        return ""
    if int(size) < 1024:
        return f"{int(size)} bytes"
    if int(size) < 1024 * 1024:
        return f"{round(int(size) / 1024)} kB"
    # Rounded first: number_format cuts off.
    megabytes = round(int(size) / 1024 / 1024, 1)
    return f"{number_format(megabytes, decimal_pos=0 if megabytes.is_integer() else 1)} MB"


@register.filter
def iban(value: object) -> str:
    """Return an IBAN in groups of four."""
    plain = "".join(force_str(value or "").split()).upper()
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _when(value: date | None) -> str:
    if value is None or value == "":
        return ""
    return moment(value) if isinstance(value, datetime) else day(value)


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return local(value).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(force_str(value))
    except ValueError:
        return None


def _days_left(days: int) -> str:
    if days < 0:
        return ngettext("%(days)d dag te laat", "%(days)d dagen te laat", -days) % {"days": -days}
    if days == 0:
        return _("vandaag")
    return ngettext("nog %(days)d dag", "nog %(days)d dagen", days) % {"days": days}
