"""Translations without gettext's tools: read, compile, hold against the code."""

from __future__ import annotations

import gettext
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "script" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


PO = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

#: somewhere
msgid "Aanvraag"
msgstr "Application"

msgctxt "maand"
msgid "mei"
msgstr "May"

#, fuzzy
msgid "Onzeker"
msgstr "Unsure"

msgid ""
"Twee "
"regels\n"
msgstr ""
"Two "
"lines\n"

msgid "%(count)s zaak"
msgid_plural "%(count)s zaken"
msgstr[0] "%(count)s case"
msgstr[1] "%(count)s cases"

msgid "Leeg"
msgstr ""
"""


def test_when_a_catalogue_is_compiled_then_gettext_reads_every_kind_of_entry(
    translations: ModuleType, tmp_path: Path
) -> None:
    # given
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    # when
    translations.compile_po(folder / "django.po")
    # then
    english = gettext.translation("django", str(tmp_path), ["en"])
    assert english.gettext("Aanvraag") == "Application"
    assert english.pgettext("maand", "mei") == "May"
    assert english.gettext("Twee regels\n") == "Two lines\n"
    assert english.ngettext("%(count)s zaak", "%(count)s zaken", 1) == "%(count)s case"
    assert english.ngettext("%(count)s zaak", "%(count)s zaken", 3) == "%(count)s cases"
    assert english.gettext("Onzeker") == "Onzeker"
    assert english.gettext("Leeg") == "Leeg"


def test_when_texts_stand_in_code_and_templates_then_all_are_found(
    translations: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    room = tmp_path / "kit"
    (room / "templates" / "kit").mkdir(parents=True)
    (room / "pages.py").write_text('_("Eén"); ngettext("dag", "dagen", 2); pgettext("maand", "mei")', encoding="utf-8")
    (room / "templates" / "kit" / "page.html").write_text(
        '{% translate "Twee" %} {% blocktranslate count n=n %}{{ n }} jaar{% plural %}{{ n }} jaren{% endblocktranslate %}'
        ' {% include "x" with title=_("Drie") %}',
        encoding="utf-8",
    )
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    # when
    found = translations.texts_in_code()
    # then
    assert {key for key in found if key[0] is None} >= {(None, "Eén"), (None, "dag"), (None, "Twee"), (None, "Drie")}
    assert ("maand", "mei") in found
    assert found[(None, "%(n)s jaar")].plural == "%(n)s jaren"


def test_when_the_catalogue_is_out_of_step_then_each_fault_is_named(
    translations: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "a.py").write_text(
        '_("Nieuw"); _("Aanvraag"); _("Leeg"); _("Hallo %(naam)s")', encoding="utf-8"
    )
    catalogue = tmp_path / "kit" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    extra = 'msgid "Hallo %(naam)s"\nmsgstr "Hello %(name)s"\n'
    catalogue.write_text(PO + "\n" + extra, encoding="utf-8")
    for name, value in (("PACKAGE", tmp_path), ("ROOT", tmp_path)):
        monkeypatch.setattr(translations, name, value)
    # when
    found = "\n".join(translations.faults())
    # then
    assert "no English for 'Nieuw'" in found
    assert "no English yet for 'Leeg'" in found
    assert "nobody asks for 'mei' any more" in found
    assert "other placeholders in the English of 'Hallo %(naam)s'" in found
    assert "Aanvraag" not in found
