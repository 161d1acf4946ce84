"""Everything of ``script/check``, one line per check; what fails prints why. Runs in the project's environment.

Two at a time, the longest first: each check is a process that works on one core.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
AT_ONCE = 2


def main(arguments: list[str]) -> int:
    """Run the checks, or those named; returns 1 when one fails."""
    python = sys.executable
    checks = {
        "types": [str(BIN / "mypy")],
        "rooms": [python, "script/check_rooms.py"],
        "format": [str(BIN / "ruff"), "format", "--check", "--output-format=concise", "--quiet", "."],
        "lint": [str(BIN / "ruff"), "check", "--output-format=concise", "--quiet", "."],
        "translations": [python, "script/translations.py", "check"],
        "templates": [str(BIN / "djlint"), "--lint", "--quiet", "src"],
        "layers": [str(BIN / "lint-imports"), "--no-cache"],
        "migrations": [python, "-m", "django", "makemigrations", "--check", "--dry-run"],
        "locks": [python, "script/check_migrations.py"],
    }
    unknown = set(arguments) - set(checks)
    if unknown:
        print(f"no check is called {', '.join(sorted(unknown))}; there are {', '.join(checks)}", file=sys.stderr)
        return 2
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "stadhuis.settings", "STADHUIS_MODE": "test"}
    # makemigrations looks at the models only; without a database it would warn that it cannot see the history.
    wanted = [name for name in checks if name in (arguments or checks)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        passed = pool.map(lambda name: _passes(name, checks[name], environment), wanted)
        failed = [name for name, is_well in zip(wanted, passed, strict=True) if not is_well]
    print(
        f"{len(failed)} of {len(arguments or checks)} checks failed: {', '.join(failed)}"
        if failed
        else "all checks passed"
    )
    return 1 if failed else 0


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    passed = done.returncode == 0
    said = f"  {'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)"
    print(said if passed else f"{said}\n{(done.stdout + done.stderr).strip()}\n", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
