"""Write docs/settings.md from the settings themselves, or with --check say whether it is true."""

from __future__ import annotations

import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
HEAD = """# Settings

Read once from the environment, in `src/stadhuis/settings.py`; what is missing or malformed is reported all at once at start-up.
`DATABASE_URL` may also be given without prefix. This page is written by `script/settings_page.py`. Defaults are those outside
production; in production a setting without a safe default must be given.

| setting | meaning | default |
|---|---|---|
"""


def page() -> str:
    """Return the text of the page."""
    from stadhuis import settings

    rows = []
    for setting in settings.env.documented:
        default = "(secret)" if setting.is_secret else setting.default or ""
        shown = default.replace(str(settings.PROJECT_DIR), "<checkout>")
        rows.append(f"| `{setting.name}` | {setting.doc} | {f'`{shown}`' if shown else ''} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    import os

    for name in [
        name for name in os.environ if name.startswith("STADHUIS_") or name in {"DATABASE_URL", "PYTEST_VERSION"}
    ]:
        del os.environ[name]
    if "--check" in sys.argv:
        sys.exit(
            0
            if PAGE.exists() and PAGE.read_text() == page()
            else "docs/settings.md is behind: run script/settings_page.py"
        )
    PAGE.write_text(page())
