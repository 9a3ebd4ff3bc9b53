"""XML parts of a Word document: safe parsing, and the names in them."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from scr_tone.errors import InputError

__all__ = ["MC", "REPAIR", "M", "W", "child", "is_on", "parse_part", "shown", "val"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

#: What helps with most broken files.
REPAIR = "open it in Word, let Word repair it, and save it again"

_VAL = W + "val"
_OFF = ("0", "false", "off", "none")
_LONGEST_NAME = 100

# "Strict" documents use other names for the same things. Renaming their declarations before the parse keeps the
# difference out of everything else.
_STRICT = re.compile(rb"(xmlns(?::[\w.-]+)?\s*=\s*[\"'])http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+?)(?=[\"'])")
_TRANSITIONAL = {
    b"wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}


def shown(name: str) -> str:
    """A part's name as a message can hold it: on one line, and not as long as the file may want it.

    Examples
    --------
    >>> shown("word/a\\nb.xml")
    'word/a?b.xml'
    """
    short = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "..."
    return "".join(char if char.isprintable() else "?" for char in short)


def parse_part(data: bytes, name: str) -> Any:
    """Parse one part of the package and give its root element.

    Parameters
    ----------
    data : bytes
    name : str
        Name of the part, for error messages.

    Raises
    ------
    InputError
        If it is not well-formed, declares a document type (and so perhaps entities), or is nested too deeply.
    """
    data = _as_utf8(data, name)
    if b"<!DOCTYPE" in data:
        # Word writes none, and there is no other place to define entities. Seen before the parser sees it.
        raise InputError(
            f"its part {shown(name)} defines XML entities, which Word never does", remedy="do not trust this file"
        )
    if b"http://purl.oclc.org/ooxml/" in data:
        data = _STRICT.sub(_rename, data)
    parser = etree.XMLParser(
        encoding="utf-8",  # whatever the declaration says, so that the look for DOCTYPE cannot be tricked
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # libxml2 says so in its own way
            raise MemoryError from None
        if error.code != etree.ErrorTypes.ERR_RESOURCE_LIMIT:
            reason = f"its part {shown(name)} is broken"
        elif "depth" in str(error):
            reason = f"its part {shown(name)} is nested too deeply"
        else:
            reason = f"its part {shown(name)} has more than 10 MB of text in one piece"
        raise InputError(reason, remedy=REPAIR) from None


def _as_utf8(data: bytes, name: str) -> bytes:
    """Give the part in UTF-8; the only other encoding that a package may use is UTF-16."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        sample = "<".encode(encoding)
        if data.startswith((mark, sample)):
            try:
                return data.decode(encoding).removeprefix("\ufeff").encode("utf-8")
            except UnicodeError:
                raise InputError(f"its part {shown(name)} is broken", remedy=REPAIR) from None
    return data


def _rename(match: re.Match[bytes]) -> bytes:
    return match.group(1) + _TRANSITIONAL.get(match.group(2) + b"/" + match.group(3), match.group(0)[len(match[1]) :])


def child(element: Any, name: str) -> Any:
    """First child in the main namespace with the local name, or None (also when `element` is None)."""
    return None if element is None else element.find(W + name)


def val(element: Any) -> str | None:
    """Give the element's ``w:val``, or None (also when `element` is None)."""
    if element is None:
        return None
    found: str | None = element.get(_VAL)
    return found


def is_on(element: Any) -> bool | None:
    """Whether an on/off property is on; None when it is not given at all."""
    return None if element is None else (element.get(_VAL) or "1").lower() not in _OFF
