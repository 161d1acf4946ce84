"""``python -m stadhuis`` is the command ``stadhuis``."""

import sys

from stadhuis.cli import main

sys.exit(main())
