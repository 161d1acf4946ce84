"""Layouts, components and error pages as a visitor gets them."""

import re

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory

from stadhuis.kit.pages import assets, fields, menu, styleguide

pytestmark = pytest.mark.usefixtures("built")


def _draw(source: str, **values: object) -> str:
    return Template("{% load kit %}" + source).render(Context(values))


@pytest.mark.parametrize("name", ["", *(f"{each}/" for each in styleguide.EXAMPLES)])
def test_when_a_page_of_the_style_guide_is_asked_for_then_it_has_no_inline_code(client: Client, name: str) -> None:
    answer = client.get(f"/stijlgids/{name}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/bestaat-niet/", 404, "Deze pagina bestaat niet"),
        ("/geheim/", 403, "U mag deze pagina niet zien"),
        ("/verdacht/", 400, "Wij begrijpen deze aanvraag niet"),
        ("/groot/", 413, "Dit bestand is te groot"),
        ("/vaak/", 429, "U probeert het te vaak"),
        ("/stuk/", 500, "Er ging iets mis bij ons"),
    ],
)
def test_when_something_goes_wrong_then_the_page_says_so_with_a_number_and_a_way_on(
    address: str, status: int, words: str
) -> None:
    answer = Client(raise_request_exception=False).get(address, headers={"X-Request-ID": "melding-12345"})
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "melding-12345" in page
    assert "secret detail" not in page
    assert 'href="/"' in page


def test_when_a_program_asks_for_json_then_the_error_is_json(client: Client) -> None:
    answer = client.get("/groot/", headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"] == "Wij hebben het niet bewaard."


def test_when_asked_too_often_then_the_answer_says_when_to_come_back(client: Client) -> None:
    assert client.get("/vaak/")["Retry-After"] == "60"


def test_when_a_form_has_no_token_then_the_page_explains_it() -> None:
    answer = Client(enforce_csrf_checks=True).post("/taal/", {"language": "en"})
    assert answer.status_code == 403
    assert "Deze pagina was te oud" in answer.content.decode()


def test_when_the_language_is_switched_then_the_next_page_is_in_it(client: Client) -> None:
    client.post("/taal/", {"language": "en", "next": "/stijlgids/"})
    assert '<html lang="en"' in client.get("/stijlgids/").content.decode()


def test_when_there_is_a_flash_message_then_it_stands_in_a_live_region_and_is_escaped(client: Client) -> None:
    page = client.get("/melding/").content.decode()
    region = page[page.index('class="flashes"') :]
    assert region.startswith('class="flashes" role="status"')
    assert "Bewaard &lt;b&gt;" in region


def test_when_a_field_has_hint_and_error_then_its_control_names_both() -> None:
    html = _draw('{% field "iban" "iban" "IBAN" hint="Uw rekening" error="Klopt niet" required=True %}')
    assert 'aria-describedby="iban-hint iban-error"' in html
    assert 'id="iban-hint"' in html
    assert 'id="iban-error"' in html
    assert 'aria-invalid="true"' in html
    assert "niet verplicht" not in html


def test_when_a_field_is_optional_then_its_label_says_so() -> None:
    assert "(niet verplicht)" in _draw('{% field "text" "naam" "Naam" %}')


def test_when_a_list_has_a_word_of_its_own_for_no_choice_then_there_is_no_second_one() -> None:
    drawn = [_draw('{% field "select" "team" "Team" options=given %}', given=given) for given in ([("a", "A")], [("", "Elk"), ("a", "A")])]  # fmt: skip
    assert [re.findall(r'<option value="">([^<]*)', html) for html in drawn] == [["Kies"], ["Elk"]]


def test_when_a_value_holds_markup_then_it_is_shown_and_not_run() -> None:
    html = _draw('{% field "text" "naam" "Naam" value=evil %}', evil='"><script>alert(1)</script>')
    assert "<script>" not in html


@pytest.mark.parametrize("kind", ["radio", "checkboxes", "date", "month", "text", "textarea", "select", "file"])
def test_when_the_error_summary_links_to_a_field_then_its_first_control_has_that_id(kind: str) -> None:
    html = _draw('{% field kind "antwoord" "Vraag" options=options %}', kind=kind, options=[("a", "A"), ("b", "B")])
    assert re.search(r'<(input|select|textarea)[^>]* id="antwoord"', html)


@pytest.mark.parametrize(
    ("value", "chosen"),
    [("a", {"a"}), (["a", "b"], {"a", "b"}), ({"a": True, "b": False}, {"a"}), (None, set()), ("", set())],
)
def test_when_answers_come_in_any_shape_then_the_right_boxes_are_ticked(value: object, chosen: set[str]) -> None:
    ready = fields.prepare("checkboxes", "wat", "Wat", {"options": [("a", "A"), ("b", "B")], "value": value})
    assert {option.value for option in ready.options if option.is_chosen} == chosen


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("2021-04-09", ["9", "4", "2021"]),
        ({"dag": "31", "maand": "2", "jaar": ""}, ["31", "2", ""]),
        ("onzin", ["", "", ""]),
        (None, ["", "", ""]),
    ],
)
def test_when_a_date_was_typed_then_its_parts_come_back_as_typed(value: object, parts: list[str]) -> None:
    ready = fields.prepare("date", "dag", "Dag", {"value": value})
    assert [option.value for option in ready.options] == parts


def test_when_a_page_asks_for_a_field_that_is_not_there_then_it_hears_so() -> None:
    with pytest.raises(fields.FieldMisused, match="kleur"):
        fields.prepare("kleur", "k", "K", {})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ 105232|euro }}", "€\u00a01.052,32"),
        ("{{ 0|euro }}", "€\u00a00,00"),
        ("{{ -5|euro }}", "€\u00a0-0,05"),
        ("{{ 1248000|filesize }}", "1,2 MB"),
        ("{{ 52428800|filesize }}", "50 MB"),
        ('{{ "2021-05-17"|day }}', "17 mei 2021"),
        ('{{ "nl91abna0417164300"|iban }}', "NL91 ABNA 0417 1643 00"),
    ],
)
def test_when_a_value_is_shown_then_it_is_written_the_dutch_way(source: str, shown: str) -> None:
    assert _draw(source) == shown


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (30, "nog 30 dagen", "neutral"),
        (1, "nog 1 dag", "warning"),
        (0, "vandaag", "warning"),
        (-3, "3 dagen te laat", "late"),
    ],
)
def test_when_a_deadline_is_shown_then_words_and_tone_say_how_long(days: int, words: str, tone: str) -> None:
    from datetime import timedelta

    html = _draw("{% deadline on today=today %}", on=styleguide.TODAY + timedelta(days=days), today=styleguide.TODAY)
    assert words in html
    assert f"deadline--{tone}" in html


def test_when_an_asset_is_not_built_then_the_error_says_what_to_run() -> None:
    with pytest.raises(assets.AssetsNotBuilt, match="npm run build"):
        assets.url("nergens.css")


def test_when_a_room_registers_a_menu_entry_then_only_who_may_see_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menu, "_entries", {})
    menu.register("portal", "Gids", "styleguide", order=2)
    menu.register("portal", "Verborgen", "language", visible=lambda request: False)
    menu.register("portal", "Nergens", "geen:route")
    request: HttpRequest = RequestFactory().get("/stijlgids/werkplek/")
    shown = menu.items("portal", request)
    assert [(item.text, item.current) for item in shown] == [("Gids", "true")]
