"""What the demo does before it serves: migrate when needed, seed when asked, say how to log in. A process of its own, so
that the supervisor does not hold Django in memory. Progress goes to standard error, the log-ins to standard output.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from stadhuis.kit.starting import start_django


def main(arguments: list[str]) -> int:
    """Prepare the database; ``--seed`` fills the demo town."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stadhuis.settings")
    start_django()
    logging.getLogger().setLevel(logging.WARNING)
    from django.conf import settings

    from stadhuis.forms import public as forms
    from stadhuis.kit import health, migrating
    from stadhuis.people import public as people

    if settings.LOGIN_KEYS_FILE and not Path(settings.LOGIN_KEYS_FILE).exists():
        people.login_keys.add(Path(settings.LOGIN_KEYS_FILE))
    pending = health.pending_migrations()
    if pending:
        _tell(f"making the tables ({len(pending)} migrations)")
        migrating.migrate(lambda sentence: None)
        forms.publish_shipped()
    if not (Path(__file__).parent / "demo" / "public.py").exists():
        return 0
    from stadhuis.demo import public

    if "--seed" in arguments:
        _tell("seeding the demo town")
        public.seed(tell=_tell)
    sys.stdout.write(public.logins())
    return 0


def _tell(sentence: str) -> None:
    sys.stderr.write(f"  {sentence}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
