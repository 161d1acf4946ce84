"""The templates of the component library, drawn by Jinja2.

Pages are templates of Django. A page is made of components, a long one of hundreds of lines and rows of them; Jinja2 compiles
such a template to Python and draws it in half the time (``docs/decisions/0043-components-in-jinja.md``). The files are
``kit/components/*.html``. Whatever a component is given is escaped, unless it is marked safe.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, TypeVar

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, FileSystemLoader

FOLDER: Final = Path(__file__).resolve().parents[1] / "components"

F = TypeVar("F", bound=Callable[..., str])
_draw = SimpleNamespace()
_environment = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    auto_reload=False,
    cache_size=-1,
)
_environment.globals.update(_=gettext, ngettext=ngettext, draw=_draw)


def draw(name: str, values: Mapping[str, Any]) -> SafeString:
    """Return the HTML of component ``name`` (``fields/input`` for one in a folder), without white space around it.

    Raises ``jinja2.TemplateNotFound``.
    """
    return mark_safe(_environment.get_template(f"{name}.html").render(values).strip())  # noqa: S308 (autoescape is on)


def offer_filter(function: F) -> F:
    """Let components use a function as filter, under its own name."""
    _environment.filters[function.__name__] = function
    return function


def offer_component(function: F) -> F:
    """Let components draw another one: ``{{ draw.icon("check") }}``."""
    setattr(_draw, function.__name__, function)
    return function
