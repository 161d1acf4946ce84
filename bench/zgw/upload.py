"""How much memory one very large document takes on its way in.

    script/bench zgw.upload [--gigabytes 4]

Real processes; the document comes in parts of 100 MiB as the Documenten API prescribes, and is joined when it is unlocked.
Prints the most memory that the web processes together were seen to take. Needs twice its size free in the temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from stadhuis.demo.tests.stack import Stack
from stadhuis.demo.tests.upload import measured


def main() -> int:
    """Upload and print."""
    parser = argparse.ArgumentParser(description="Memory of a very large upload.")
    parser.add_argument("--gigabytes", type=float, default=4)
    size = int(parser.parse_args().gigabytes * 1024**3)
    with tempfile.TemporaryDirectory(prefix="stadhuis-bench-") as folder:
        stack = Stack(Path(folder), stalled_seconds=60)
        try:
            peak, seconds, document, _ = measured(stack, size)
        finally:
            stack.stop()
    print(f"{document['bestandsomvang']:,} bytes in {seconds:.0f} s ({size / seconds / 1e6:.0f} MB/s)")
    print(
        f"web processes together: {peak.before:.0f} MiB PSS before; at most {peak.pss:.0f} MiB PSS, {peak.rss:.0f} MiB RSS"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
