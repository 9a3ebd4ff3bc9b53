"""The ZIP package around a Word document: opened with care, its parts found by their relationships."""

from __future__ import annotations

import copy
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from scr_tone.errors import InputError
from scr_tone.reading.docx_xml import REPAIR, parse_part, shown
from scr_tone.reading.limits import Limits
from scr_tone.reading.magic import OLE, what_is

__all__ = ["Package", "Relation"]

_ENTRIES = 10_000  # a long report with hundreds of pictures has some 500
_RATIO, _RATIO_FROM = 100, 4_000_000  # verbose XML reaches 30:1; small parts may do what they like
_CHUNK = 1 << 18
_BROKEN = "is cut short or damaged"
_FETCH = "fetch or copy the file again, or " + REPAIR
_SAVE_AS = "open it in the program it comes from and save it as DOCX"

# By a name that only this kind of archive holds.
_FOREIGN: tuple[tuple[str, str], ...] = (
    ("xl/", "an Excel workbook"),
    ("ppt/", "a PowerPoint presentation"),
    ("visio/", "a Visio drawing"),
    ("index/document.iwa", "an Apple Pages document"),
)
_MIMETYPES = {
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text (.odt)",
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument spreadsheet",
    b"application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation",
    b"application/epub+zip": "an EPUB book",
}


class Relation(NamedTuple):
    """A relationship from one part to another: the last word of its type, its id, and the part's name."""

    kind: str
    id: str
    target: str


class Package:
    """An opened DOCX package.

    Parameters
    ----------
    data : bytes
        The file.
    limits : Limits
        `unpacked_bytes` bounds both what the entries say and what they unpack to.

    Raises
    ------
    InputError
        If it is no package of the right kind, is encrypted, damaged, or looks made to do harm.
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._left = limits.unpacked_bytes
        self._counted: set[str] = set()
        _refuse_by_magic(data)
        if data.count(b"PK\x01\x02") > _ENTRIES:  # before zipfile builds an object for each
            raise InputError(f"holds more than {_ENTRIES:,} parts", remedy="do not trust this file")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, UnicodeError, OSError):
            raise InputError(_BROKEN, remedy=_FETCH) from None
        self._parts = _checked(self._zip, limits)
        self.main = self._find_main()

    def __contains__(self, name: str) -> bool:
        """Whether there is such a part, in whichever case its name is written."""
        return name.lower() in self._parts

    def raw(self, name: str) -> bytes:
        """Content of a part that is there."""
        return self._read(self._parts[name.lower()])

    def with_parts(self, changed: Mapping[str, bytes]) -> bytes:
        """The package with other content in these parts, new ones added, and every other part as it is.

        Parameters
        ----------
        changed : mapping of str to bytes

        Raises
        ------
        InputError
            If a part that is to be kept cannot be unpacked.
        """
        left = {name.lower(): (name, content) for name, content in changed.items()}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for info in self._zip.infolist():
                key = _key(info)
                content = left.pop(key)[1] if key in left else self._read(info)
                kept = copy.copy(info)
                kept.extra = b""  # sizes of the old archive, and padding
                archive.writestr(kept, content)
            pattern = self._parts[self.main.lower()]
            for name, content in left.values():
                info = zipfile.ZipInfo(name, pattern.date_time)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, pattern.external_attr
                archive.writestr(info, content)
        return buffer.getvalue()

    def root(self, name: str) -> Any:
        """Root element of an XML part, or None if there is no such part."""
        info = self._parts.get(name.lower())
        return None if info is None else parse_part(self._read(info), name)

    def relations(self, part: str = "") -> Iterator[Relation]:
        """Relationships of a part (of the package itself by default) to other parts, not to outside targets."""
        folder, name = posixpath.split(part)
        root = self.root(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in root if root is not None else ():
            if relation.get("TargetMode") == "External" or not relation.get("Target"):
                continue
            target = unquote(relation.get("Target"))
            where = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
            yield Relation(kind, relation.get("Id") or "", posixpath.normpath(where))

    def what_else(self) -> str:
        """Name what the archive is, given that it is no Word document."""
        mimetype = self._parts.get("mimetype")
        if mimetype is not None and mimetype.file_size < 200:
            known = _MIMETYPES.get(self._read(mimetype).strip())
            if known:
                return known
        for start, kind in _FOREIGN:
            if any(name.startswith(start) for name in self._parts):
                return kind
        return "a ZIP archive"

    def foreign(self) -> InputError:
        """Make the error for an archive without a Word document in it."""
        kind = self.what_else()
        remedy = "unpack it and check the files in it" if kind == "a ZIP archive" else _SAVE_AS
        return InputError(f"is {kind}, not a Word document", remedy=remedy)

    def _find_main(self) -> str:
        named = next((r.target for r in self.relations() if r.kind == "officeDocument"), None)
        if named is None:
            if not any(name.startswith("word/") for name in self._parts):
                raise self.foreign()
            named = "word/document.xml"
        if named.lower() not in self._parts:
            raise InputError(f"its main part {shown(named)} is missing", remedy=REPAIR)
        if not named.lower().endswith(".xml"):  # xlsb and the like
            raise self.foreign()
        return named

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        """Unpack one part in pieces, and no more than is left of the allowance; a part counts once."""
        pieces = []
        counts = info.filename not in self._counted
        self._counted.add(info.filename)
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(_CHUNK):
                    self._left -= len(piece) if counts else 0
                    if self._left < 0:
                        raise _too_large()
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
            raise InputError(f"its part {shown(info.filename)} {_BROKEN}", remedy=_FETCH) from None
        return b"".join(pieces)


def _refuse_by_magic(data: bytes) -> None:
    """Say what a file is that is no ZIP archive at all."""
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise InputError("is password protected", remedy="remove the password in Word and save it again")
        if "WordDocument".encode("utf-16-le") in data:
            raise InputError("is in the old .doc format", remedy="open it in Word and save it as .docx")
        raise InputError("is an old Office file, not a Word document", remedy=_SAVE_AS)
    if not data:
        raise InputError("is empty", remedy="check that it is the right file")
    if not data.startswith(b"PK"):
        kind = what_is(data)
        if kind == "a PDF":
            raise InputError("is a PDF, not a Word document", remedy="rename it so that its name ends in .pdf")
        raise InputError(f"is {kind}, not a Word document" if kind else "is not a Word document", remedy=_SAVE_AS)


def _checked(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Give the entries by lower-case name, after a look for everything that an honest program does not write."""
    parts: dict[str, zipfile.ZipInfo] = {}
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise _too_large()
    end = 0
    for info in infos:
        if info.header_offset < end:
            raise InputError("has parts that lie over each other", remedy="do not trust this file")
        end = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
        if info.flag_bits & 0x1:
            raise InputError("is password protected", remedy="unpack it with its password and save it as DOCX")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise InputError("is packed in a way that Word does not use", remedy=REPAIR)
        name = _key(info)
        if name in parts:
            raise InputError(f"holds two parts with the name {shown(name)}", remedy=REPAIR)
        # Pictures are never unpacked, and an empty bitmap may well compress a thousandfold.
        bulky = info.file_size > _RATIO_FROM and not name.startswith("word/media/")
        if bulky and info.file_size > _RATIO * max(1, info.compress_size):
            raise InputError(
                f"its part {shown(name)} unpacks to {info.file_size // max(1, info.compress_size):,} times its size",
                remedy="do not trust this file",
            )
        parts[name] = info
    return parts


def _key(info: zipfile.ZipInfo) -> str:
    """Name of a part as it is looked up."""
    return re.sub(r"/+", "/", info.filename.replace("\\", "/")).lstrip("/").lower()


def _too_large() -> InputError:
    return InputError("unpacks to more than is allowed", remedy="split it into parts or take large pictures out")
