"""What every page knows, under one name ``kit``: the town, the menu, the language, who is logged in. Worked out when asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from psycopg_pool import PoolTimeout

from stadhuis.kit import outages as outages_on_record
from stadhuis.kit.pages import menu

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
from stadhuis.kit.sessions import is_workplace


def _label_of_actor(request: HttpRequest) -> str:
    return str(getattr(getattr(request, "actor", None), "label", "") or "")


_actor_name: list[Callable[[HttpRequest], str]] = [_label_of_actor]


def show_actor(name_of: Callable[[HttpRequest], str]) -> None:
    """Let a room decide how the person who is logged in is called in the header ("" for nobody)."""
    _actor_name[0] = name_of


_acts_for: list[Callable[[HttpRequest], str]] = [lambda request: ""]


def show_acts_for(sentence_of: Callable[[HttpRequest], str]) -> None:
    """Let a room say in one sentence for whom the one who is logged in acts ("" for who acts for himself)."""
    _acts_for[0] = sentence_of


def _outages_on_record() -> list[str]:
    return [one.channel for one in outages_on_record.current() if one.channel != outages_on_record.API]


_outages: list[Callable[[], list[str]]] = [_outages_on_record]
_practice_link: list[tuple[str, StrOrPromise]] = []


def show_in_practice_banner(url_name: str, label: StrOrPromise) -> None:
    """Let the demo put one link in the banner of a practice environment."""
    _practice_link[:] = [(url_name, label)]


class Page:
    """The context of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    town_name = property(lambda self: settings.TOWN_NAME)
    town_phone = property(lambda self: settings.TOWN_PHONE)
    town_email = property(lambda self: settings.TOWN_EMAIL)
    town_address = property(lambda self: settings.TOWN_ADDRESS)
    languages = property(lambda self: settings.LANGUAGES)

    @property
    def town_phone_link(self) -> str:
        """The telephone number as a ``tel:`` address needs it."""
        return "".join(each for each in str(settings.TOWN_PHONE) if each.isdigit() or each == "+")

    @property
    def language(self) -> str:
        """The language of this page: ``nl`` or ``en``."""
        return (get_language() or settings.LANGUAGE_CODE)[:2]

    @cached_property
    def other_languages(self) -> list[tuple[str, str]]:
        """The languages one can switch to."""
        return [(code, name) for code, name in settings.LANGUAGES if code != self.language]

    @property
    def practice_date(self) -> date | None:
        """The day on which a practice environment plays, or None."""
        return date.fromisoformat(settings.PRACTICE_DATE) if settings.PRACTICE_DATE else None

    @property
    def is_practice(self) -> bool:
        """Whether this is not the real town hall."""
        return not settings.IS_PRODUCTION

    @cached_property
    def practice_link(self) -> tuple[str, StrOrPromise] | None:
        """Address and text of the link in the practice banner, if a room offers one and its address is served here."""
        if not self.is_practice or not _practice_link:
            return None
        name, label = _practice_link[0]
        try:
            return reverse(name), label
        except NoReverseMatch:
            return None

    @cached_property
    def is_workplace(self) -> bool:
        """Whether this page is for staff."""
        return is_workplace(self._request.path_info)

    @cached_property
    def menu(self) -> list[menu.MenuItem]:
        """The menu of this face, as this visitor sees it."""
        return menu.items("workplace" if self.is_workplace else "portal", self._request)

    @cached_property
    def outages(self) -> list[str]:
        """The channels that residents notice and that are down now. One statement, only on pages that ask.

        A notice about trouble is no reason for more of it: without a database there is none.
        """
        try:
            return _outages[0]()
        except (DatabaseError, PoolTimeout):
            return []

    @property
    def search_url(self) -> str:
        """Where the search box of the workplace posts to."""
        return menu.search_url()

    @cached_property
    def actor_name(self) -> str:
        """Who is logged in on this face; "" for nobody."""
        return _actor_name[0](self._request)

    @cached_property
    def acts_for(self) -> str:
        """For whom somebody acts, as a sentence on every page; "" for who acts for himself."""
        return _acts_for[0](self._request)

    @property
    def path(self) -> str:
        """Where the visitor is, for links that lead back here. Without the query string: it may hold what was typed."""
        return self._request.path

    @property
    def session_seconds(self) -> int:
        """After how many seconds without a request this visitor is logged out; 0 when nobody is logged in."""
        if not self.actor_name:
            return 0
        return int(settings.STAFF_IDLE_SECONDS if self.is_workplace else settings.SESSION_IDLE_SECONDS)

    @property
    def session_url(self) -> str:
        """Where the script asks for more time."""
        return "/werkplek/sessie/verlengen/" if self.is_workplace else "/sessie/verlengen/"

    @property
    def login_url(self) -> str:
        """Where one logs in to this face."""
        return "/werkplek/inloggen/" if self.is_workplace else "/inloggen/"

    @property
    def logout_url(self) -> str:
        """Where one logs out of this face (POST)."""
        return "/werkplek/uitloggen/" if self.is_workplace else "/uitloggen/"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: one name, ``kit``."""
    return {"kit": Page(request)}
