"""Plain text: encodings, wrapped lines, and what its lines are."""

from __future__ import annotations

import codecs
import re

from scr_tone.errors import InputError
from scr_tone.lines import line_kind, logical_lines, printed_number
from scr_tone.marks import end_with_marks, without_marks
from scr_tone.reading.tidy import tidy
from scr_tone.records import Block, Document, Stretch

__all__ = ["decode", "has_words", "text_blocks", "text_document"]

_WRAP = re.compile(r"\s*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])\s*")
_WORD = re.compile(r"[^\W\d_]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Bytes that Windows-1252 leaves free, and that therefore speak for a binary file.
_UNDEFINED = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
# More than one control character in this many is no text.
_CONTROL_SHARE = 200


def decode(data: bytes, subject: str | None = None) -> tuple[str, list[str]]:
    """Decode a text file: by its byte order mark, else as UTF-8, else as UTF-16 without a mark, else Windows-1252.

    Parameters
    ----------
    data : bytes
    subject : str, optional
        Name for error messages.

    Returns
    -------
    text : str
    warnings : list of str
        Says so where the encoding was guessed.

    Raises
    ------
    InputError
        If it is a binary file.

    Examples
    --------
    >>> decode("caf\\u00e9".encode("cp1252"))[0]
    'caf\\xe9'
    """
    text, warnings = _decoded(data)
    controls = len(_CONTROL.findall(text[:1_000_000]))
    if text is None or controls * _CONTROL_SHARE > min(len(text), 1_000_000):
        raise InputError(
            "is not text but a binary file",
            remedy="scr-tone reads DOCX, PDF, HTML, Markdown and plain text",
            subject=subject,
        )
    if controls:
        warnings.append("control characters were left out")
    return text, warnings


def _decoded(data: bytes) -> tuple[str, list[str]]:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace"), []
    sample = data[:4096]
    if sample.count(0) > len(sample) // 4:  # plain English in UTF-16 is every second byte a zero
        encoding = "utf-16-be" if sample[0::2].count(0) > sample[1::2].count(0) else "utf-16-le"
        return data.decode(encoding, "replace"), ["the encoding was guessed to be UTF-16"]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        if any(byte in data for byte in _UNDEFINED):
            return data.decode("latin-1"), ["the encoding was guessed to be ISO 8859-1"]
        return data.decode("cp1252"), ["the encoding was guessed to be Windows-1252"]


def has_words(text: str) -> bool:
    """Whether there is a letter in it, of any script."""
    return _WORD.search(text) is not None


def text_blocks(text: str) -> list[Block]:
    """Blocks of a plain text file; wrapped lines become one.

    Examples
    --------
    >>> [block.text for block in text_blocks("Findings\\n\\nThe plan was not\\nshared.")]
    ['Findings', 'The plan was not shared.']
    """
    blocks = []
    cut = 0
    for line in logical_lines(without_marks(text)):
        end = end_with_marks(text, line.end)
        words = tidy(_unwrap(text[cut:end].strip()))
        unmarked = without_marks(words).strip()
        if words:
            blocks.append(Block(words, line_kind(unmarked), None, printed_number(unmarked)))
        cut = end
    return blocks


def _unwrap(text: str) -> str:
    """Wrapped lines joined by a space; after a hyphen by nothing, the hyphen kept, as it may be part of the word."""
    return _WRAP.sub(lambda match: "" if text[match.start() - 1 : match.start()] == "-" else " ", text)


def text_document(text: str) -> Document:
    """A string as a Document whose text is the string itself.

    Raises
    ------
    InputError
        If it holds no letter.
    """
    if not has_words(text):
        raise InputError("holds no words", remedy="give a text with at least one word")
    stretches = []
    section: str | None = None
    unmarked = without_marks(text)
    for line in logical_lines(unmarked):
        words = " ".join(unmarked[line.start : line.end].split())
        kind = line_kind(words) if words else "body"
        if kind == "heading":
            section = words
        end = end_with_marks(text, line.end)
        stretches.append(Stretch(line.start, end, kind, None, section, printed_number(words)))
    warnings = ("lone surrogates stand in the text",) if _SURROGATE.search(text) else ()
    return Document(text, tuple(stretches), None, "text", warnings)
