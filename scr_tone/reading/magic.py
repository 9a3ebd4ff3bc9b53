"""What a file is by its first bytes, where its name says otherwise."""

from __future__ import annotations

__all__ = ["OLE", "what_is"]

#: First bytes of the container of old Office files, and of new ones with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF text"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (OLE, "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
)


def what_is(data: bytes) -> str | None:
    """Name a file's format with its article; None when nothing is recognised.

    Examples
    --------
    >>> what_is(b"%PDF-1.7 ..."), what_is(b"<html><body>"), what_is(b"Findings")
    ('a PDF', 'a web page', None)
    """
    # PDF readers accept rubbish before the header, and text formats a byte order mark and white space.
    head = data[:1024]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, name in _MAGIC:
        if start.startswith(magic) or (magic == b"%PDF-" and magic in head):
            return name
    lower = start.lower()
    if b"<pkg:package" in data[:4096] or b"<w:worddocument" in lower or b'progid="word.document"' in lower:
        return "a Word document in XML form"
    if lower.startswith((b"<!doctype html", b"<html")) or (lower.startswith(b"<") and b"<html" in lower):
        return "a web page"
    if lower.startswith(b"<?xml"):
        return "an XML file"
    return None
