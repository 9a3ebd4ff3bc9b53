"""What stands in one paragraph of a Word document, as a reader of the printed page sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scr_tone.reading.docx_fields import Fields
from scr_tone.reading.docx_pages import Pages
from scr_tone.reading.docx_styles import Style, Styles
from scr_tone.reading.docx_xml import MC, M, W, child, is_on, val
from scr_tone.reading.tidy import symbol

__all__ = ["Inline", "InlineReader", "one_branch"]

# What an element is to us: one that holds others, or a leaf.
_WRAPPER, _RUN, _GONE, _SIMPLE_FIELD, _BRANCHES, _CONTROL = range(6)
_TEXT, _SKIP, _BREAK, _TAB, _HYPHEN, _SYMBOL, _PAGE, _FIELD, _INSTRUCTION, _NOTE, _BOX, _DIAGRAM = range(6, 18)

# Elements that are not named here are wrappers and looked into: hyperlinks, insertions, smart tags, drawings.
_ACTIONS = {
    W + "t": _TEXT,
    M + "t": _TEXT,
    W + "r": _RUN,
    W + "br": _BREAK,
    W + "cr": _BREAK,
    W + "tab": _TAB,
    W + "ptab": _TAB,
    W + "noBreakHyphen": _HYPHEN,
    W + "sym": _SYMBOL,
    W + "del": _GONE,
    W + "moveFrom": _GONE,
    W + "lastRenderedPageBreak": _PAGE,
    W + "fldChar": _FIELD,
    W + "instrText": _INSTRUCTION,
    W + "fldSimple": _SIMPLE_FIELD,
    W + "footnoteReference": _NOTE,
    W + "endnoteReference": _NOTE,
    W + "txbxContent": _BOX,
    MC + "AlternateContent": _BRANCHES,
    W + "sdt": _CONTROL,
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": _DIAGRAM,
    **dict.fromkeys(
        (
            *(W + name for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rt", "rubyPr")),
            *(W + name for name in ("delText", "delInstrText", "bookmarkStart", "bookmarkEnd", "proofErr")),
            *(M + name for name in ("ctrlPr", "rPr", "oMathParaPr")),
        ),
        _SKIP,
    ),
}
_RPR, _VANISH, _RSTYLE = W + "rPr", W + "vanish", W + "rStyle"


@dataclass(slots=True)
class Inline:
    """The content of a paragraph, or of several that tracked changes join.

    Attributes
    ----------
    pieces : list of str
        Its visible text.
    sources : list of element
        For each piece the element that it comes from.
    page : int or None
        Page of the first printing character.
    boxes : list of element
        Text boxes anchored in it.
    notes : list of element
        References to notes.
    contents : bool
        Whether it belongs to a table of contents.
    concealed : bool
        Whether some of its text is hidden.
    """

    pieces: list[str] = field(default_factory=list)
    sources: list[Any] = field(default_factory=list)
    page: int | None = None
    boxes: list[Any] = field(default_factory=list)
    notes: list[Any] = field(default_factory=list)
    contents: bool = False
    concealed: bool = False
    printed: bool = False


class InlineReader:
    """Reads paragraphs.

    Parameters
    ----------
    styles : Styles
    hides : bool
        Whether anything in the document is hidden at all; if not, we need not look.
    """

    def __init__(self, styles: Styles, *, hides: bool) -> None:
        self._styles = styles
        self._hides = hides
        #: Whether a SmartArt diagram was met, whose text lies in another part.
        self.diagram = False

    def read(self, paragraph: Any, into: Inline, style: Style, fields: Fields, pages: Pages | None) -> None:
        """Add the content of one paragraph to `into`.

        Parameters
        ----------
        paragraph : element
        into : Inline
        style : Style
            Of the paragraph; its text may be hidden.
        fields : Fields
            Of the flow of text that the paragraph belongs to: a field may reach over many paragraphs.
        pages : Pages or None
            None for notes and text boxes, in which pages do not turn.
        """
        pieces, sources = into.pieces, into.sources
        stack: list[tuple[Iterator[Any], bool, bool]] = []
        inside, muted, in_field = iter(paragraph), False, False
        while True:
            element = next(inside, None)
            if element is None:
                if in_field:
                    fields.end()
                if not stack:
                    return
                inside, muted, in_field = stack.pop()
                continue
            action = _ACTIONS.get(element.tag, _WRAPPER)
            if action == _TEXT:
                text = element.text
                if text and not muted and not fields.silent:
                    if not into.printed and not text.isspace():
                        self._first(into, fields, pages)
                    pieces.append(text.replace("\n", " ").replace("\r", " "))
                    sources.append(element)
            elif action == _SKIP:
                continue
            elif action > _TEXT:
                muted = self._leaf(element, action, into, fields, pages, muted)
            else:
                stack.append((inside, muted, in_field))
                if action == _GONE:
                    muted = True
                elif action == _RUN and self._hides and not muted and self._hidden(element, style):
                    muted = into.concealed = True
                in_field = action == _SIMPLE_FIELD
                if in_field:
                    fields.begin(element.get(W + "instr") or "")
                inside = iter(element) if action in (_WRAPPER, _RUN) else _children(element, action)

    def _leaf(self, element: Any, action: int, into: Inline, fields: Fields, pages: Pages | None, muted: bool) -> bool:
        """Take an element that holds no others; whether what follows in its run is muted."""
        if action == _PAGE:
            if pages is not None:
                pages.turn()
        elif action == _FIELD:
            fields.mark(element)  # also in deleted text, or the fields around it would lose their end
        elif muted:
            return True
        elif action == _INSTRUCTION:
            fields.instruct(element.text or "")
        elif fields.silent:
            return False
        elif action == _NOTE:
            into.notes.append(element)
            # With a mark of the author's own, the rest of the run is that mark.
            return element.get(W + "customMarkFollows") in ("1", "true", "on")
        elif action == _BOX:
            into.boxes.append(element)
        elif action == _DIAGRAM:
            self.diagram = True
        else:
            into.pieces.append(_character(element, action))
            into.sources.append(element)
            if action == _SYMBOL and not into.printed:
                self._first(into, fields, pages)
        return muted

    @staticmethod
    def _first(into: Inline, fields: Fields, pages: Pages | None) -> None:
        """Note what holds where the first printing character stands."""
        into.printed = True
        into.contents = fields.contents
        if pages is not None:
            into.page = pages.current
            pages.printed()

    def _hidden(self, run: Any, style: Style) -> bool:
        properties = run.find(_RPR)
        if properties is None:
            return style.hidden
        own = is_on(properties.find(_VANISH))
        if own is not None:
            return own
        # Of a property that toggles, a character style switches what the paragraph style has set.
        return (val(properties.find(_RSTYLE)) in self._styles.hidden) != style.hidden


def _children(element: Any, action: int) -> Iterator[Any]:
    """Look into an element: those inside it that count."""
    if action == _BRANCHES:
        return iter(one_branch(element))
    # The prompt of a form field that nobody has filled in is no text of the author's.
    if action == _CONTROL and is_on(child(child(element, "sdtPr"), "showingPlcHdr")) is True:
        return iter(())
    return iter(element)


def one_branch(alternatives: Any) -> Any:
    """Choose one of several forms of the same content, so that it is not read twice."""
    choice = alternatives.find(MC + "Choice")
    if choice is None:
        choice = alternatives.find(MC + "Fallback")
    return choice if choice is not None else ()


def _character(element: Any, action: int) -> str:
    """Give the character that an empty element stands for."""
    if action == _BREAK:
        # A page or column break says where the text goes on, not that the author began a new line.
        return "\n" if element.get(W + "type") in (None, "textWrapping") else " "
    if action == _HYPHEN:
        return "-"
    if action == _SYMBOL:
        return symbol(element.get(W + "char") or "")
    return "\t"
