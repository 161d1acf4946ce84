"""A browser that is watched: axe-core on every state, no word in the console, nothing wider than the screen, no secret in an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[5]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_RUN_AXE = """async () => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
  const result = await axe.run(document, {runOnly: {type: "tag", values: rules}, resultTypes: ["violations"]})
  return result.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)
}"""
_WIDER = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
  if (wide <= 0) return []
  const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  return [`${wide}px wider than the screen: ${out.slice(0, 4).map((e) => e.outerHTML.slice(0, 90)).join(" | ")}`]
}"""


class Watched:
    """One browser context of one person, and everything that was wrong with what it showed."""

    def __init__(self, browser: Browser, *, width: int = 1280, secrets: Iterable[str] = (), **options: Any) -> None:
        options = {"locale": "nl-NL", "viewport": {"width": width, "height": 900}, "reduced_motion": "reduce"} | options
        self.has_script = options.get("java_script_enabled", True)
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(20_000)
        self._mirror: Page | None = None
        if not self.has_script:
            self._mirror = browser.new_context(**{**options, "java_script_enabled": True}).new_page()
        self.faults: list[str] = []
        self.addresses: list[str] = []
        self.seen: list[str] = []
        self.secrets = tuple(secrets)
        self._sessions: dict[Page, Any] = {}
        self.page = self.new_page()

    def new_page(self) -> Page:
        """Open a tab that is listened to."""
        page = self.context.new_page()
        page.on("console", lambda message: self._said(page, message))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.addresses.append(request.url))
        self._sessions[page] = self.context.new_cdp_session(page)
        return page

    def _said(self, page: Page, message: Any) -> None:
        # Chromium itself notes every answer with an error status; the tests look at those pages on purpose.
        if message.type in ("info", "log", "debug"):
            return
        if not message.text.startswith("Failed to load resource: the server responded with a status of 4"):
            self.faults.append(f"{page.url}: {message.type}: {message.text}")

    def look(self, name: str, page: Page | None = None) -> None:
        """Examine the page as it stands now."""
        page = page or self.page
        if self._mirror is not None:
            page = self._mirrored(self._mirror)
        # Past the CSP, as a debugger does; the page itself may load no foreign script.
        session = self._sessions.get(page) or page.context.new_cdp_session(page)
        if not page.evaluate("'axe' in window"):
            session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        self.seen.append(name)
        self.faults += [f"{name}: {fault}" for fault in (*page.evaluate(_RUN_AXE), *page.evaluate(_WIDER))]

    def _mirrored(self, mirror: Page) -> Page:
        """Show what stands on the page without script in one where axe can run; our own script stays out."""
        shown = re.sub(r"<(/?)noscript>", r"<\1div>", self.page.content())
        mirror.unroute_all()
        mirror.route("**/*.js", lambda route: route.abort())
        mirror.route(self.page.url, lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"))
        mirror.goto(self.page.url)
        return mirror

    def close(self) -> None:
        """Close, and fail with everything that was wrong."""
        self.context.close()
        if self._mirror is not None:
            self._mirror.context.close()
        leaks = [url for url in self.addresses for secret in self.secrets if secret.casefold() in url.casefold()]
        assert (self.faults, leaks) == ([], [])
