"""What a file really is: decided from its bytes, never from its name or from what the browser says.

``inspect`` looks at a file that has arrived on disk and says what it is, or refuses it with a sentence for the resident. A file
that claims to be huge is refused before anything is unpacked; one that claims less than it holds fails its checksum.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from typing import BinaryIO

from django.utils.translation import gettext as _

from stadhuis.forms.rules.definition import FILE_TYPES

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
EXTENSIONS = {PDF: ("pdf",), JPEG: ("jpg", "jpeg", "jpe", "jfif"), PNG: ("png",), DOCX: ("docx",), ODT: ("odt",)}

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_RATIO = 200
"""Unpacked bytes per packed byte over a whole archive; office documents stay far below 100."""
LONGEST_NAME = 120


class UploadRefused(Exception):
    """A file that is not taken in; the text says why and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def clean_name(name: str) -> str:
    """Return the name by which people know the file: without folders, control and direction characters, not too long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(
        character for character in name if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    name = re.sub(r'[<>:"|?*]', "-", " ".join(name.split())).rstrip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    extension = extension[:10]
    stem = stem[: LONGEST_NAME - len(extension) - 1].strip(" .") or "bestand"
    return f"{stem}.{extension}" if extension else stem


def inspect(file: BinaryIO, *, name: str, size: int, accepted: Collection[str]) -> str:
    """Return the media type of the file. Raises ``UploadRefused``."""
    if size == 0:
        raise UploadRefused(_("Dit bestand is leeg. Kies een ander bestand."))
    file.seek(0)
    head = file.read(4096)
    media_type = _recognise(file, head)
    if media_type is None or media_type not in accepted:
        raise UploadRefused(
            _("Dit soort bestand (%(kind)s) kunnen wij niet aannemen. U kunt deze soorten toevoegen: %(accepted)s.")
            % {"kind": _in_words(head, media_type), "accepted": in_words(accepted)}
        )
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in EXTENSIONS[media_type]:
        raise UploadRefused(
            _(
                "De naam van dit bestand eindigt op '%(extension)s', maar de inhoud is %(kind)s. Sla het bestand opnieuw op als %(kind)s en probeer het nog eens."
            )
            % {"extension": extension or "-", "kind": FILE_TYPES[media_type]}
        )
    if media_type == PDF:
        _check_pdf(file)
    if media_type == PNG:
        _check_png(file, size)
    return media_type


def in_words(media_types: Collection[str]) -> str:
    """Return media types as people call them: 'PDF, JPG, PNG'."""
    return ", ".join(FILE_TYPES[media_type] for media_type in media_types if media_type in FILE_TYPES)


def _recognise(file: BinaryIO, head: bytes) -> str | None:
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        return _office_type(file)
    return None


def _in_words(head: bytes, media_type: str | None) -> str:
    if media_type is not None:
        return FILE_TYPES[media_type]
    import puremagic

    try:
        extension = puremagic.from_string(head).lstrip(".")
    except (puremagic.PureError, ValueError):
        return _("onbekend")
    return extension.upper() or _("onbekend")


def _office_type(file: BinaryIO) -> str | None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_archive(entries)
            _check_contents(archive, entries)
            names = {entry.filename for entry in entries}
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    return ODT if entry.read(200).strip() == ODT.encode() else None
            if "word/document.xml" in names and "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as entry:
                    content_types = entry.read(200_000)
                if b"macroEnabled" in content_types or "word/vbaProject.bin" in names:
                    raise UploadRefused(_("Dit Word-bestand bevat macro's. Sla het op als PDF en voeg het daarna toe."))
                return DOCX
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, KeyError
    ):  # fmt: skip
        raise UploadRefused(
            _("Dit bestand is beschadigd en niet te openen. Sla het opnieuw op en probeer het nog eens.")
        ) from None
    return None


def _check_archive(entries: list[zipfile.ZipInfo]) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(packed, 1_000):
        raise UploadRefused(_("Dit bestand wordt bij het uitpakken veel te groot. Wij nemen het niet aan."))
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UploadRefused(
            _("Dit bestand is met een wachtwoord beveiligd. Haal de beveiliging eraf en voeg het opnieuw toe.")
        )
    if any(entry.filename.startswith("/") or ".." in entry.filename.split("/") for entry in entries):
        raise UploadRefused(
            _("Dit bestand is beschadigd en niet te openen. Sla het opnieuw op en probeer het nog eens.")
        )


def _check_contents(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every entry up to the size it claims, a little at a time: one that holds something else fails its checksum.

    What is read was bounded by ``_check_archive``. Raises what ``zipfile`` raises.
    """
    for entry in entries:
        with archive.open(entry) as content:
            while content.read(1 << 16):
                pass


def _check_pdf(file: BinaryIO) -> None:
    import pikepdf  # loaded by who is sent a PDF, not by every process

    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise UploadRefused(
            _(
                "Deze PDF is met een wachtwoord beveiligd. Wij kunnen hem dan niet lezen. Haal het wachtwoord eraf en voeg hem opnieuw toe."
            )
        ) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, OSError):
        pages = 0
    if pages == 0:
        raise UploadRefused(_("Deze PDF is beschadigd en niet te openen. Sla hem opnieuw op en probeer het nog eens."))


def _check_png(file: BinaryIO, size: int) -> None:
    file.seek(max(0, size - 64))
    if b"IEND" not in file.read():
        raise UploadRefused(_("Deze afbeelding is niet compleet. Sla haar opnieuw op en probeer het nog eens."))
