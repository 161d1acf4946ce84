"""Every view says who may open it: by the mark of its guard, or by a reason here why everybody may.

A new address without either fails here. What each persona really gets is tried in ``test_every_url``.
"""

from __future__ import annotations

from stadhuis.workplace.tests.test_every_url import API_ROUTES, mark_of, routes

OPEN = {
    "language": "a choice for one's own browser",
    "styleguide": "components without data",
    "styleguide_example": "components without data",
    "demo:wie_is_wie": "made-up people, never in production",
    "people:inloggen": "the way in",
    "people:afmelden": "called by the log-in service; believes only a signed token",
    "people:jwks": "public keys",
    "people:link": "the way in, with a link that is good once",
    "people:link_nodig": "asks for such a link",
    "people:passkey_inloggen": "the way in",
    "people:passkey_inlogopties": "the way in",
    "people:sso": "the way in",
    "people:sso_afmelden": "called by the log-in service of staff; believes only a signed token",
    "people:sso_terug": "the way in; checks the answer of the provider",
    "people:wachtwoord_kiezen": "the way in, after a link that is good once; looks at the session itself",
    "people:wachtwoord_vergeten": "asks for a link; says the same to everybody",
    "portal:activities": "public",
    "people:ophogen": "the way to a higher level; looks at the session itself",
    "people:start": "the way in",
    "people:terug": "the way in; checks the answer of the provider",
    "people:uitloggen": "the way out",
    "people:uitgelogd": "the way out",
    "people:werkplek_inloggen": "the way in",
    "people:werkplek_code": "the way in, second step; looks at the session itself",
    "people:werkplek_uitloggen": "the way out",
    "people:werkplek_uitgelogd": "the way out",
    "people:verlengen": "stretches one's own session and nothing else; looks at it itself",
    "people:werkplek_verlengen": "stretches one's own session and nothing else; looks at it itself",
    "portal:home": "public",
    "portal:products": "public",
    "portal:product": "public",
    "portal:accessibility": "public",
    "portal:privacy": "public",
    "portal:contact": "public",
    "selectielijst:list": "public, as where VNG publishes it",
    "selectielijst:one": "public, as where VNG publishes it",
}
"""Addresses without a guard, each with the reason."""


def test_every_view_carries_the_mark_of_a_guard_or_is_open_for_a_reason() -> None:
    marks = {name: mark_of(pattern.callback) for name, pattern in routes() if name not in API_ROUTES}
    without = sorted(name for name, mark in marks.items() if not mark)
    assert without == sorted(OPEN)


def test_every_page_of_administration_asks_the_action_of_an_area() -> None:
    marks = {name: mark_of(pattern.callback) for name, pattern in routes() if name.startswith("administration:")}
    assert {name for name, mark in marks.items() if not mark.startswith("administrator")} == set()
    assert {name for name, mark in marks.items() if mark == "administrator"} == {"administration:home"}
