"""Contrast of the house style: WCAG 2.2, success criteria 1.4.3 (text 4.5:1) and 1.4.11 (borders and focus 3:1)."""

import re
from pathlib import Path

import pytest

THEME = Path(__file__).resolve().parents[5] / "frontend" / "css" / "theme.css"
TEXT = [
    ("ink", "white"), ("ink", "sand-50"), ("ink", "sand-100"), ("ink", "sand-200"), ("ink", "ochre-100"),
    ("ink", "teal-100"), ("ink", "green-50"), ("ink", "red-50"), ("ink-soft", "white"), ("ink-soft", "sand-50"),
    ("ink-soft", "sand-100"), ("ink-soft", "teal-50"), ("teal-700", "white"), ("teal-700", "sand-50"), ("teal-700", "sand-100"),
    ("teal-700", "teal-100"), ("teal-800", "teal-100"), ("teal-900", "sand-200"), ("teal-900", "teal-100"), ("white", "teal-700"), ("white", "teal-800"),
    ("white", "teal-900"), ("teal-100", "teal-800"), ("teal-100", "teal-900"), ("teal-950", "ochre-400"),
    ("ochre-700", "ochre-100"), ("ochre-700", "sand-50"), ("ochre-700", "white"), ("ochre-700", "sand-100"), ("red-800", "white"),
    ("red-800", "red-50"), ("red-800", "sand-50"), ("green-700", "green-50"), ("green-700", "sand-50"),
]  # fmt: skip
PARTS = [
    ("line-strong", "white"), ("line-strong", "sand-50"), ("teal-700", "sand-200"), ("red-700", "white"),
    ("red-700", "sand-50"), ("teal-950", "white"), ("teal-950", "sand-50"), ("teal-950", "ochre-300"), ("white", "teal-900"),
    ("ochre-400", "teal-800"),
]  # fmt: skip


def _colours() -> dict[str, str]:
    return dict(re.findall(r"--oeverveen-([\w-]+):\s*(#[0-9a-f]{6});", THEME.read_text("utf-8")))


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(front: str, back: str) -> float:
    colours = _colours()
    light, dark = sorted((_luminance(colours[front]), _luminance(colours[back])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back"), TEXT)
def test_when_text_stands_on_a_ground_then_it_can_be_read(front: str, back: str) -> None:
    assert _contrast(front, back) >= 4.5


@pytest.mark.parametrize(("front", "back"), PARTS)
def test_when_a_border_or_ring_stands_on_a_ground_then_it_can_be_seen(front: str, back: str) -> None:
    assert _contrast(front, back) >= 3
