"""A document of hundreds of megabytes goes through the web server in little memory. ``script/bench zgw.upload`` sends 4 GB."""

from __future__ import annotations

from pathlib import Path

import pytest

from stadhuis.demo.tests.stack import Stack
from stadhuis.demo.tests.upload import measured, sha256_of

pytestmark = pytest.mark.slow
MIB = 1024**2
SIZE = 200 * MIB
CEILING_MIB = 60
"""What the web processes together may take more than before: far less than a part, let alone the whole."""


def test_when_a_large_document_comes_in_parts_then_memory_hardly_grows_and_every_byte_comes_back(
    tmp_path: Path,
) -> None:
    stack = Stack(tmp_path)
    try:
        peak, _, document, uploader = measured(stack, SIZE)
        back = uploader.download(f"{document['url']}/download")
    finally:
        stack.stop()
    assert (document["bestandsomvang"], document["locked"], document["bestandsdelen"]) == (SIZE, False, [])
    assert back == (SIZE, sha256_of(SIZE, 100 * MIB))
    assert peak.pss - peak.before < CEILING_MIB, f"{peak.before:.0f} MiB before, {peak.pss:.0f} MiB at most"
