"""A person who has only a keyboard: Tab, Enter, Space, arrows and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FileChooser, Locator, Page

FURTHEST = 150
TRIES = 3
_FOCUS = """() => {
  const now = document.activeElement
  if (!now || now === document.body) return "nothing"
  const box = now.getBoundingClientRect()
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
  const ring = [null, "::after", "::before"].some((part) => {
    const style = getComputedStyle(now, part)
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
  })
  return seen && ring ? "" : `${now.outerHTML.slice(0, 120)} ${seen ? "" : "is off the screen"} ${ring ? "" : "has no ring"}`
}"""


class Keys:
    """Moves through one page after another; every stop must be on the screen and have a ring."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, wanted: Locator) -> None:
        """Press Tab until the wanted thing has the focus. Past the end of the page one starts at its top again, once."""
        target = wanted.first.element_handle()
        ends = 0
        for _ in range(FURTHEST):
            self.page.keyboard.press("Tab")
            fault = self.page.evaluate(_FOCUS)
            ends += fault == "nothing"
            assert fault in ("", "nothing"), fault
            assert ends < 2, f"the keyboard does not reach {wanted}"
            if target.evaluate("(element) => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not reach {wanted}")

    def skip(self) -> None:
        """Go past header and menu with the first link of the page."""
        self.page.keyboard.press("Tab")
        first = self.page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert "utrecht-skip-link" in first, first
        assert self.page.evaluate(_FOCUS) == ""
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"

    def follow(self, link: Locator) -> None:
        """Follow a link."""
        self.to(link)
        self.page.keyboard.press("Enter")

    def submit(self, awaited: Locator) -> None:
        """Press Enter in a field, and again as people do when nothing happens: the browser may still be busy."""
        for _ in range(TRIES):
            self.page.keyboard.press("Enter")
            for _ in range(40):
                if awaited.count():
                    return
                self.page.wait_for_timeout(200)
        raise AssertionError(
            f"Enter does not lead to {awaited}; the page says:\n{self.page.locator('body').inner_text()}"
        )

    def press(self, button: Locator) -> None:
        """Press a button, or tick a box."""
        self.to(button)
        self.page.keyboard.press("Space")

    def type(self, field: Locator, text: str) -> None:
        """Type in a field, in place of what stands there."""
        self.to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, radio: Locator) -> None:
        """Go to the group of a radio and take the arrows to it."""
        name = radio.first.get_attribute("name")
        group = self.page.locator(f"input[type=radio][name='{name}']")
        chosen = self.page.locator(f"input[type=radio][name='{name}']:checked")
        self.to(chosen if chosen.count() else group)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.first.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {radio}")

    def pick(self, select: Locator, letters: str) -> None:
        """Choose in a list by typing its first letters."""
        self.to(select)
        self.page.keyboard.type(letters)

    def add_file(self, field: Locator, file: Path) -> None:
        """Open the window to choose a file and choose one."""
        self.to(field)
        chosen: list[FileChooser] = []

        def keep(window: FileChooser) -> None:
            chosen.append(window)

        self.page.once("filechooser", keep)
        for _ in range(TRIES):
            self.page.keyboard.press("Enter")
            for _ in range(60):
                self.page.wait_for_timeout(50)
                if chosen:
                    chosen[0].set_files(file)
                    return
        raise AssertionError("no window to choose a file opened")
