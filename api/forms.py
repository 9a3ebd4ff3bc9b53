"""The form of ``/v2/check`` as editors really send it: encoded, or, from LibreOffice 7, as it was typed."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote_plus

from .problems import ProblemError

__all__ = ["fields_of", "key_in"]

_MOST_FIELDS = 200
_FORM_KEY = b"apiKey="
#: What no encoder lets through: white space, control characters, anything beyond ASCII.
_UNENCODED = re.compile(rb"[^\x21-\x7e]")
#: LibreOffice 7.4 puts the paragraph into its form without encoding it. Read as a form, "Health & Housing failed to ring"
#: would end at the ampersand, and "50%20" would shift every offset behind it. What comes last is its own, so the
#: paragraph is whatever stands before that.
_AS_TYPED = re.compile(
    rb"text=(?P<text>.*)&language=(?P<language>[A-Za-z0-9_-]*+)(?:&username=(?P<username>[^&]*+)&apiKey=(?P<apiKey>[^&]*+))?",
    re.DOTALL,
)


def fields_of(query: bytes, body: bytes) -> dict[str, str]:
    """Parameters of query and form, whatever the content type: old LTeX sends none. The form weighs more.

    Parameters
    ----------
    query, body : bytes

    Raises
    ------
    ProblemError
        400 if there are too many.

    Examples
    --------
    >>> fields_of(b"level=picky", b"text=A+%26+B&language=en-GB")
    {'level': 'picky', 'text': 'A & B', 'language': 'en-GB'}
    >>> fields_of(b"", b"text=A & B, 50%20 + 1&language=en-GB")
    {'text': 'A & B, 50%20 + 1', 'language': 'en-GB'}
    """
    typed = _typed(body)
    if typed is None:
        return _parsed(query) | _parsed(body)
    return _parsed(query) | {name: part.decode("utf-8", "replace") for name, part in typed.items() if part is not None}


def key_in(body: bytes) -> bytes | None:
    """The key in a form: where LibreOffice puts it. None if there is none.

    A search instead of a parser: cheap also for a large body, which does not deserve any work before its key is known.

    Parameters
    ----------
    body : bytes

    Examples
    --------
    >>> key_in(b"text=a&apiKey=s%2Bt"), key_in(b"text=a b&language=en&username=me&apiKey=s+t"), key_in(b"text=apiKey=a")
    (b's+t', b's+t', None)
    """
    typed = _typed(body)
    if typed is not None:
        return typed["apiKey"]
    at = (b"&" + body).rfind(b"&" + _FORM_KEY)  # the last one counts, as everywhere in a form
    if at < 0:
        return None
    value = body[at + len(_FORM_KEY) :].partition(b"&")[0]
    return unquote_plus(value.decode("latin-1")).encode("utf-8", "replace")


def _typed(body: bytes) -> dict[str, bytes | None] | None:
    """The parts of a form that was not encoded; None for any other."""
    found = _AS_TYPED.fullmatch(body) if _UNENCODED.search(body) else None
    return found and found.groupdict()


def _parsed(form: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(form.decode("utf-8", "replace"), True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise ProblemError(400, f"there are more than {_MOST_FIELDS} parameters") from None
    return dict(pairs)
