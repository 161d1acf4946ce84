"""The engine: definitions, logic, answers and files, as tables of cases."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stadhuis.forms.rules import definition as definitions
from stadhuis.forms.rules import fields, logic, uploads
from stadhuis.forms.rules.definition import Component, Definition, DefinitionBroken, Text
from stadhuis.forms.rules.engine import Evaluation

TODAY = date(2021, 5, 17)
TOZO = json.loads((Path(__file__).parents[1] / "definitions" / "tozo.json").read_text(encoding="utf-8"))


def given_form(*components: dict[str, Any], logic: list[Any] | None = None) -> dict[str, Any]:
    return {
        "slug": "proef",
        "name": "Proef",
        "zaaktype": "PROEF",
        "steps": [{"slug": "een", "name": "Een", "components": list(components)}],
        "logic": logic or [],
    }


def question(key: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": key, **more}


def evaluation(raw: dict[str, Any], **answers: Any) -> Evaluation:
    return Evaluation(definitions.read(raw), answers, today=TODAY)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (given_form(question("a", "hologram")), "unknown type 'hologram'"),
        (given_form(question("a"), question("a")), "this key is used twice"),
        (given_form(question("1a")), "'key' must start with a letter"),
        (given_form(question("a", validate={"pattern": "["})), "not a regular expression"),
        (given_form(question("a", conditional={"show": True, "when": "b", "eq": "x"})), "hangs on 'b'"),
        (
            given_form(
                question("a", conditional={"show": True, "when": "b", "eq": "x"}),
                question("b", conditional={"show": True, "when": "a", "eq": "x"}),
            ),
            "these questions wait for each other",
        ),
        (
            given_form(question("a"), logic=[{"jsonLogicTrigger": {"launch": 1}, "actions": []}]),
            "unknown operator 'launch'",
        ),
        (given_form(question("a", "radio", values=[])), "no values to choose from"),
    ],
)
def test_a_broken_definition_is_refused_with_the_fault_named(raw: dict[str, Any], says: str) -> None:
    with pytest.raises(DefinitionBroken) as broken:
        definitions.read(raw)
    assert says in str(broken.value)


def test_all_faults_of_a_definition_are_named_together() -> None:
    with pytest.raises(DefinitionBroken) as broken:
        definitions.read(given_form(question("a", "hologram"), question("b", validate={"pattern": "["}), question("1")))
    assert len(broken.value.faults) == 3


@pytest.mark.parametrize(
    ("rule", "data", "outcome"),
    [
        ({"==": [{"var": "a"}, "x"]}, {"a": "x"}, True),
        ({">=": [{"var": "n"}, 18]}, {"n": "18"}, True),
        ({">": [{"date": {"var": "d"}}, {"-": [{"today": []}, {"rdelta": [18, 0, 0]}]}]}, {"d": "2003-05-18"}, True),
        ({">": [{"date": {"var": "d"}}, {"-": [{"today": []}, {"rdelta": [18, 0, 0]}]}]}, {"d": "2003-05-17"}, False),
        ({"and": [{"var": "a.b"}, {"!": [{"var": "c"}]}]}, {"a": {"b": True}}, True),
        ({"in": ["x", {"var": "l"}]}, {"l": ["x"]}, True),
        ({"if": [{"var": "a"}, 1, 2]}, {"a": ""}, 2),
        ({">=": [{"/": [{"+": [{"var": "u"}, {"var": "p"}]}, 2]}, 35000]}, {"u": "30000.00", "p": 40000}, True),
        ({"/": [1, 0]}, {}, None),
        ({"<": [{"var": "a"}, 3]}, {"a": None}, False),
    ],
)
def test_json_logic(rule: Any, data: dict[str, Any], outcome: Any) -> None:
    assert logic.compute(rule, data, today=TODAY) == outcome


def test_what_was_typed_before_a_question_disappeared_does_not_count() -> None:
    form = given_form(question("a"), question("b", conditional={"show": True, "when": "a", "eq": "ja"}))
    assert evaluation(form, a="ja", b="x").outcome() == {"a": "ja", "b": "x"}
    assert evaluation(form, a="nee", b="x").outcome() == {"a": "nee"}


def test_a_rule_can_hide_require_and_stop() -> None:
    rules = [
        {
            "jsonLogicTrigger": {"==": [{"var": "a"}, "stop"]},
            "actions": [
                {"component": "b", "action": {"type": "property", "property": {"value": "hidden"}, "state": True}},
                {
                    "component": "c",
                    "action": {"type": "property", "property": {"value": "validate.required"}, "state": True},
                },
                {"action": {"type": "disable-next"}, "message": "Hier houdt het op."},
            ],
        }
    ]
    looked_at = evaluation(given_form(question("a"), question("b"), question("c"), logic=rules), a="stop")
    assert not looked_at.is_visible("b")
    assert [fault.key for fault in looked_at.faults()["een"]] == ["c"]
    assert looked_at.refusal(looked_at.definition.steps[0]) == Text("Hier houdt het op.")


def component(kind: str, **more: Any) -> Component:
    return Component(key="a", type=kind, label=Text("A"), **more)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("currency", "1.234,56", "1234.56"),
        ("currency", "1234.5", "1234.50"),
        ("currency", "€ 1.234,-", "1234.00"),
        ("number", "2", 2),
        ("date", "17-3-2020", "2020-03-17"),
        ("date", "2020-03-17", "2020-03-17"),
        ("postcode", "9990ab", "9990 AB"),
        ("iban", "nl91 abna 0417 1643 00", "NL91 ABNA 0417 1643 00"),
        ("bsn", "9999.90.184", "999990184"),
        ("email", " a@example.org ", "a@example.org"),
        ("textfield", "  Zoë   👩‍💻 ", "Zoë 👩‍💻"),
    ],
)
def test_what_people_type_is_kept_in_one_form(kind: str, typed: str, kept: Any) -> None:
    once = fields.clean(component(kind), typed, today=TODAY)
    assert once == kept
    assert fields.clean(component(kind), once, today=TODAY) == once


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("iban", "NL91ABNA0417164301"), ("bsn", "123456789"), ("bsn", "000000000"), ("postcode", "0123 AB"),
        ("date", "30-2-2020"), ("date", "gisteren"), ("currency", "12,345"), ("currency", "veel"), ("number", "1e99"),
        ("email", "a@"), ("phoneNumber", "112 bel"), ("textfield", "a\x00b"), ("textfield", "a\ud800"), ("textfield", "x" * 100_000),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(fields.Wrong):
        fields.clean(component(kind), typed, today=TODAY)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(sorted(definitions.TEXT_TYPES | definitions.NUMBER_TYPES | {"date"})),
    typed=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text())),
)
def test_whatever_is_typed_is_kept_the_same_twice_or_refused_in_words(kind: str, typed: Any) -> None:
    try:
        once = fields.clean(component(kind), typed, today=TODAY)
    except fields.Wrong:
        return
    assert fields.is_storable(once)
    assert fields.clean(component(kind), once, today=TODAY) == once


def test_the_tozo_form_asks_less_of_who_lives_alone() -> None:
    tozo: Definition = definitions.read(TOZO)
    alone = Evaluation(tozo, {"leefsituatie": "alleen"}, today=TODAY)
    together = Evaluation(tozo, {"leefsituatie": "samen"}, today=TODAY)
    assert not alone.is_visible("partnerBsn")
    assert together.is_visible("partnerBsn")


def test_every_text_of_the_tozo_form_is_there_in_english() -> None:
    tozo = definitions.read(TOZO)
    for step in tozo.steps:
        for found in definitions.everything_in(step.components):
            assert found.label.en, found.key
            assert found.description.en or not found.description, found.key


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\a.pdf", "a.pdf"), ("\u202efdp.exe", "fdp.exe"),
        ("", "bestand"), ("...pdf", "bestand.pdf"), ("a\x00b.pdf", "ab.pdf"), ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_of_a_file_is_only_a_name(given_name: str, kept: str) -> None:
    assert uploads.clean_name(given_name) == kept


def test_a_zip_bomb_is_refused_without_unpacking_it() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(20 * 1024 * 1024))
    with pytest.raises(uploads.UploadRefused, match="veel te groot"):
        uploads.inspect(out, name="a.docx", size=len(out.getvalue()), accepted=list(uploads.EXTENSIONS))
