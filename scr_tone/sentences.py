"""Where the sentences of report prose begin and end.

The rules live here once, as a function from text to offsets; the spaCy component `scr_tone.component` marks the same
starts on tokens. A unit is a sentence; a list item or heading on its own line; or a lead-in that ends in a colon
before a list on new lines. An enumerator or bullet belongs to the item behind it, a wrapped line is no boundary, and
neither is a colon or semicolon in running text.

One pass over the full stops, question and exclamation marks, each judged by the words beside it, so the time is linear
in the length of the text. Nothing is rewritten: ``text[start:end]`` is the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scr_tone.abbreviations import OPEN, abbreviates, is_starter
from scr_tone.errors import InputError
from scr_tone.lines import ENUMERATOR, logical_lines
from scr_tone.words import word_set

__all__ = ["line_spans", "sentence_spans", "split"]

_CLOSE = "\"'\u2019\u201d)\\]}\u00bb"

# Stops, then what may close behind them, then a footnote mark, then white space or the end.
_CANDIDATE = re.compile(
    rf"(?P<stop>[.!?\u2026]+(?:\s\.(?=\s?\.|\s|$))*)"
    rf"(?P<close>[{_CLOSE}]*)"
    r"(?P<note>\[\d{1,3}\]|(?<=[a-z)\]\u2019\u201d][.!?])\d{1,3}(?![\d.:,]*[\d])|[\u00b9\u00b2\u00b3\u2070-\u2079]+|)"
    r"(?P<gap>\s+|$|(?=[\"\u201c\u2018(\[]?[A-Z]))"
)
_NEXT_WORD = re.compile(rf"[{re.escape(OPEN)}\s]*([^\s]*)")
_PREVIOUS_WORD = re.compile(r"\S+$")
# A list mark in running text: "... was unsafe. (b) The", "... at 20.50. iv) The"; one that may also be a word needs "(".
_NEXT_ITEM = re.compile(r"\(\s?(?:[a-z]|[ivx]{1,5}|\d{1,2})\)\s|(?:[a-z]|[ivx]{2,5}|\d{1,2})\)\s|[b-hj-z]\.\s+[A-Z]")
_ONLY_SIGNS = re.compile(r"[\W_]{1,12}$")  # bounded, or a text of nothing else would take quadratic time
_LABEL = re.compile(r"[A-Z]{1,3}\d{1,3}$|[A-Z]$")
_ADDRESS = re.compile(r"@|://|www\.|\.(?:uk|com|org|net|pdf|docx?|html?)\b", re.IGNORECASE)
_LOOK_BACK = 64
_LOOK_AHEAD = 400


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the units of `text`.

    Parameters
    ----------
    text : str
        Any text; it is not changed.

    Returns
    -------
    list of (int, int)
        Half-open code point offsets, in order, not overlapping, without white space at either end; together they hold
        every character that is not white space.

    Examples
    --------
    >>> text = "4.12 Dr. A. B. Smith saw Child J. at 10.30 a.m. on 3 May. No referral was made."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['4.12 Dr. A. B. Smith saw Child J. at 10.30 a.m. on 3 May.', 'No referral was made.']
    """
    return [span for line in logical_lines(text) for span in line_spans(text, line.start, line.end)]


def line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the units of one logical line, that is, of ``text[start:end]`` where any line feed in it is only a wrap."""
    spans: list[tuple[int, int]] = []
    for stop in _stops(text, start, end):
        spans.append((start, _before_space(text, start, stop)))
        start = stop
    if (last := _before_space(text, start, end)) > start:
        spans.append((start, last))
    return spans


def split(text: str) -> list[tuple[int, int]]:
    """Sentence offsets of a text, as the blank spaCy pipeline with the component ``scr_tone_sentences`` marks them.

    The rules read the text, not tokens, so they are applied directly: that saves spaCy's import and its tokens, and the
    offsets are the same (``tests/test_component.py`` holds the two equal).

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (int, int)
        See `sentence_spans`.

    Raises
    ------
    InputError
        If `text` is not a string.

    Examples
    --------
    >>> import scr_tone
    >>> scr_tone.split("No visit took place. Why?")
    [(0, 20), (21, 25)]
    """
    if not isinstance(text, str):
        raise InputError(f"split takes a string, not {type(text).__name__}", remedy="pass the text itself")
    return sentence_spans(text)


def _before_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets at which a new sentence begins within one logical line."""
    sentence = start
    for match in _CANDIDATE.finditer(text, start, end):
        at = match.end()
        if at >= end:
            return
        if match.start() < sentence:
            continue
        if _ends(text, sentence, match, end):
            yield at
            sentence = at


def _ends(text: str, sentence: int, match: re.Match[str], end: int) -> bool:
    """Whether the stop that `match` found ends the sentence begun at `sentence`."""
    stop, at = match["stop"], match.end()
    following = _NEXT_WORD.match(text, at, min(end, at + _LOOK_BACK))
    word = following.group(1) if following else ""
    first = word[:1] or text[at : at + 1]
    previous = text[max(sentence, match.start() - _LOOK_BACK) : match.start()]
    found = _PREVIOUS_WORD.search(previous)
    before = found.group() if found else ""
    opened = before.lstrip(OPEN)
    if not match["gap"]:
        return _glued(text, match, opened, word)
    if _is_enumerator(text, sentence, match.start() + 1) or _ONLY_SIGNS.match(text, at, end):
        return False
    if _NEXT_ITEM.match(text, at, end) and not (opened.lower() in word_set("numbered") and match["stop"] == "."):
        return True
    if _inside_brackets(text, sentence, match, end):
        return False
    lower = first.islower() and not word[1:2].isupper()  # "iPhone" and "eCall" begin sentences too
    if stop[0] in "!?":
        return not lower and before != "("
    if stop[0] == "\u2026" or len(stop) > 1:
        spaced = not before or text[match.start() - 1].isspace()
        return is_starter(word) if spaced else not lower
    if match["close"] and not lower and not match["close"].startswith(")"):
        return True
    if lower:
        return _typed_lower(opened, match)
    if not opened:
        return not first.isdigit()
    if match["note"]:
        return opened.lower() not in word_set("numbered")
    return not abbreviates(text, sentence, match, opened, before, word, first)


def _glued(text: str, match: re.Match[str], before: str, word: str) -> bool:
    """A stop with no space behind it: "home.The nurse", but not "B.Sc", "www.site.Org" or "Node.Js"."""
    if len(match["stop"]) > 1 and "." in match["stop"]:
        return False
    if match["close"] or match["note"]:
        bare = before.rsplit("(", 1)[-1].lower()
        return (len(word) > 1 or word in ("A", "I")) and bare not in word_set("numbered")
    tail = word.rstrip(".,;:!?)'\"\u2019\u201d")
    if _ADDRESS.search(before + "." + word) or not (tail in ("A", "I") or (len(tail) > 1 and tail[1:].islower())):
        return False
    core = before.rstrip(_CLOSE.replace("\\", ""))
    if core.isdigit():
        return len(core) == 4
    letters = core.rsplit("-", 1)[-1]
    return letters.isalpha() and letters.islower() and len(letters) > 2 and letters not in word_set("numbered")


def _is_enumerator(text: str, sentence: int, stop: int) -> bool:
    """Whether all of the sentence so far is the printed number of an item ("3.", "(b).", "iv.", "4.12.")."""
    if stop - sentence > 16:
        return False
    if _LABEL.match(text[sentence : stop - 1]):  # "Q4. Is", "F3. Nothing", "A. The"
        return True
    mark = ENUMERATOR.match(text, sentence)
    return mark is not None and len(mark.group().rstrip()) >= stop - sentence


def _inside_brackets(text: str, sentence: int, match: re.Match[str], end: int) -> bool:
    """Whether the stop stands in a bracket in mid-sentence, which closes further on and the sentence goes on behind."""
    if ")" in match["close"]:
        return False
    begin = max(sentence, match.start() - _LOOK_AHEAD)
    opening = text.rfind("(", begin, match.start())
    if opening <= sentence or text.find(")", opening, match.start()) >= 0:
        return False
    closing = text.find(")", match.end(), min(end, match.end() + _LOOK_AHEAD))
    if closing < 0:
        return False
    rest = text[closing + 1 : closing + 4].lstrip()
    before = text[begin:opening].rstrip()
    own = before.endswith((".", "!", "?", ".\u201d", '."'))  # the bracket opened as a sentence of its own
    return not own and (rest[:1].islower() or rest[:1] in (",", ";", ":", "."))


def _typed_lower(before: str, match: re.Match[str]) -> bool:
    """A stop before a lower-case word: an abbreviation, unless the word before it is a plain long one ("home. mother")."""
    if match["close"] and match["close"] != ")":
        return False
    core = before.rstrip(_CLOSE.replace("\\", ""))
    known = any(core.lower() in word_set(name) for name in ("titles", "numbered", "inner", "both", "units", "months"))
    return core.isalpha() and core.islower() and len(core) > 4 and not known
