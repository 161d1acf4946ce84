"""The compiler's process: reads a request on standard input, writes the PDFs on standard output, each after its length.

Runs apart from the application (``python -I``), with an empty root folder, so that a template reads nothing but its data.
"""

import json
import resource
import shutil
import sys
import tempfile
from pathlib import Path

import typst

FOLDER = Path(__file__).parent
MEMORY_BYTES = 2 << 30


def main() -> None:
    """Compile the documents of one request."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    request = json.loads(sys.stdin.buffer.read())
    with tempfile.TemporaryDirectory() as folder:
        for name in ("house.typ", f"{request['template']}.typ"):
            shutil.copyfile(FOLDER / "templates" / name, Path(folder) / name)
        for data in request["data"]:
            pdf = typst.compile(
                str(Path(folder) / f"{request['template']}.typ"),
                root=folder,
                font_paths=[str(FOLDER / "fonts")],
                ignore_system_fonts=True,
                sys_inputs={"data": data},
                pdf_standards=["a-2a", "ua-1"],
            )
            sys.stdout.buffer.write(len(pdf).to_bytes(8, "big") + pdf)


if __name__ == "__main__":
    main()
