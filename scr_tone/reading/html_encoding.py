"""In which encoding a web page is written: by its byte order mark, by what it says itself, or by trial."""

from __future__ import annotations

import codecs
import re

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{1,40})",
    re.IGNORECASE,
)
_PROLOGUE = 4096
# As browsers do: pages that call themselves Latin-1 or ASCII are in truth in Windows-1252.
_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8"}
_TEXTUAL = frozenset(["utf-8", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "koi8-r", "mac-roman"])


def decode(data: bytes) -> tuple[str, list[str]]:
    r"""Decode a web page.

    Parameters
    ----------
    data : bytes

    Returns
    -------
    text : str
    warnings : list of str
        Said when the encoding was guessed, or what the page says of itself does not hold.

    Examples
    --------
    >>> decode(b'<meta charset="iso-8859-1"><p>\x93No\x94') == ('<meta charset="iso-8859-1"><p>\u201cNo\u201d', [])
    True
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), []
    declared = _declared(data)
    for name in (declared, "utf-8"):
        if name is None:
            continue
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        wrong = declared is not None and name != declared
        return text, [f"says that it is in {declared} but is not; read as UTF-8"] if wrong else []
    # Windows-1252 leaves five bytes undefined; browsers take them for control characters.
    text = data.decode("cp1252", "replace")
    return text, ["the encoding is not declared or declared wrongly; read as Windows-1252"]


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_PROLOGUE])
    if match is None:
        return None
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    name = _ALIASES.get(name, name)
    # Only text encodings that a British report may be in; Python also "decodes" base64 and the like.
    return name if name in _TEXTUAL or name.startswith("iso8859") else None
