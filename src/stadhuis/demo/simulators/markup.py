"""A few functions that write escaped HTML, so that the simulators need no template engine."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from starlette.responses import HTMLResponse

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Text that is already safe HTML."""

    __slots__ = ()


def text(child: object) -> str:
    """Return a child as HTML: ``Html`` as it is, lists joined, everything else escaped; None is left out."""
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str | int):
        return escape(str(child))
    if isinstance(child, Iterable):
        return "".join(text(part) for part in child)
    raise TypeError(f"cannot write {type(child).__name__} as HTML")


def el(tag: str, *children: object, **attributes: str | bool | None) -> Html:
    """Return one element. ``class_`` and ``for_`` lose their underscore, ``aria_label`` becomes ``aria-label``."""
    parts = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        parts.append(name if value is True else f'{name}="{escape(value)}"')
    opening = f"<{' '.join(parts)}>"
    if tag in _VOID:
        return Html(opening)
    return Html(f"{opening}{text(children)}</{tag}>")


def radio(name: str, value: str, label: object, *, checked: bool = False, hint: str = "") -> Html:
    """Return one radio button with its label."""
    field_id = f"{name}-{value}"
    return el(
        "div",
        el("input", type="radio", name=name, value=value, id=field_id, checked=checked, aria_describedby=f"{field_id}-hint" if hint else None),
        el("label", label, for_=field_id),
        el("span", hint, class_="hint", id=f"{field_id}-hint") if hint else None,
        class_="choice",
    )  # fmt: skip


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> Html:
    """Return a table that scrolls sideways on a small screen and can be reached by keyboard."""
    return el(
        "div",
        el(
            "table",
            el("caption", caption),
            el("thead", el("tr", [el("th", head, scope="col") for head in heads])),
            el("tbody", [el("tr", [el("td", cell) for cell in row]) for row in rows]),
        ),
        class_="scroll",
        role="region",
        tabindex="0",
        aria_label=caption,
    )


def page(title: str, *children: object, brand: str = "oefen", status: int = 200, back: str = "/") -> HTMLResponse:
    """Return a whole page with the practice banner. ``brand`` chooses the colours in the style sheet."""
    names = {
        "digid": "DigiD (oefen)",
        "eherkenning": "eHerkenning (oefen)",
        "mail": "Postvak (oefen)",
        "oefen": "Oefenomgeving",
    }
    document = el(
        "html",
        el(
            "head",
            el("meta", charset="utf-8"),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("meta", name="robots", content="noindex"),
            el("title", f"{title} - {names[brand]}"),
            el("link", rel="stylesheet", href="/simulators.css"),
            el("link", rel="icon", href="data:,"),
        ),
        el(
            "body",
            el("a", "Naar de inhoud", href="#inhoud", class_="skip"),
            el(
                "header",
                el(
                    "p",
                    el("strong", "Dit is een oefenomgeving."),
                    " Gebruik geen echte gegevens.",
                    class_="practice",
                ),
                el("a", names[brand], href=back, class_="brand"),
            ),
            el("main", el("h1", title), children, id="inhoud", tabindex="-1"),
            class_=brand,
        ),
        lang="nl",
    )
    return HTMLResponse("<!doctype html>" + document, status_code=status)
