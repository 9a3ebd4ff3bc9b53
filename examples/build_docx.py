"""Builds the example draft: a Word document with tracked changes, comments, notes, a text box and numbering."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import docx
from build_docx_parts import add_part, box, contents, element, prepare, text_run
from build_markup import Block, Remark, Source, Span, spans
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Cm

__all__ = ["build_docx"]

_TEXT_WIDTH = 9026  # twentieths of a point between the margins of A4
_STYLE = {
    "plain": "", "paragraph": "NumberedParagraph", "lettered": "LetteredList", "bullet": "ListParagraph",
    "quote": "Quote", "source": "QuoteSource",
}  # fmt: skip
_DAY = {"PN": (14, 10), "RO": (15, 16), "HQ": (16, 9), "DN": (16, 11)}


class _Writer:
    """Turns blocks into WordprocessingML, and collects the notes, comments and bookmarks met on the way."""

    def __init__(self, source: Source, document: docx.document.Document) -> None:
        self.source = source
        self.document = document
        self.editors = dict(pair.split("=") for pair in source.head["editors"].split("; "))
        self.changes = 0
        self.notes: dict[str, list[str]] = {"footnote": [], "endnote": []}
        self.comments: list[str] = []
        self.bookmarks = 0

    def stamp(self, who: str, number: int) -> str:
        """Give the author and date attributes of a change or comment."""
        day, hour = _DAY[who]
        moment = datetime.datetime(2023, 11, day, hour, 5) + datetime.timedelta(minutes=7 * number)
        return f'w:author={quoteattr(self.editors[who])} w:date="{moment:%Y-%m-%dT%H:%M:%SZ}"'

    def change(self, kind: str, who: str, inside: str = "") -> str:
        """Wrap runs in a tracked insertion (`ins`) or deletion (`del`)."""
        self.changes += 1
        return f'<w:{kind} w:id="{self.changes}" {self.stamp(who, self.changes)}>{inside}</w:{kind}>'

    def runs(self, text: str) -> str:
        """Write the runs of one paragraph."""
        written: list[str] = []
        remark: Remark | None = None
        for span in [*spans(text), Span("")]:
            if remark is not None and span.remark is not remark:
                written.append(self.remark_end(remark))
                remark = None
            if span.remark is not None and remark is None:
                remark = span.remark
                written.append(f'<w:commentRangeStart w:id="{len(self.comments)}"/>')
            written.append(self.span(span) if span.text else "")
        return "".join(written)

    def span(self, span: Span) -> str:
        """Write one span as one or more runs, inside a change or link where it has one."""
        look = "<w:b/>" * span.bold + "<w:i/>" * span.italic
        if span.note:
            return self.note(span)
        if span.url:
            link = self.document.part.relate_to(span.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            style = '<w:rStyle w:val="Hyperlink"/>'
            return f'<w:hyperlink r:id="{link}" w:history="1">{text_run(span.text, style + look)}</w:hyperlink>'
        inside = "".join(text_run(piece, look) for piece in _pieces(span.text))
        if span.inserted_by:
            return self.change("ins", span.inserted_by, inside)
        if span.deleted_by:
            gone = inside.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
            return self.change("del", span.deleted_by, gone)
        return inside

    def note(self, span: Span) -> str:
        """Keep a footnote or endnote; returns the reference to it."""
        kind, style = span.note, span.note.title()
        mark = f'<w:r><w:rPr><w:rStyle w:val="{style}Reference"/></w:rPr>'
        kept = self.notes[kind]
        kept.append("")
        number = len(kept)
        kept[number - 1] = (
            f'<w:{kind} w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{style}Text"/></w:pPr>{mark}<w:{kind}Ref/></w:r>'
            f"{text_run(' ')}{self.runs(span.text)}</w:p></w:{kind}>"
        )
        return f'{mark}<w:{kind}Reference w:id="{number}"/></w:r>'

    def remark_end(self, remark: Remark) -> str:
        """Keep a comment; returns the end of its range and the reference to it."""
        number = len(self.comments)
        self.comments.append(
            f'<w:comment w:id="{number}" w:initials="{remark.who}" {self.stamp(remark.who, number)}><w:p><w:pPr>'
            '<w:pStyle w:val="CommentText"/></w:pPr><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
            f"<w:annotationRef/></w:r>{text_run(remark.text)}</w:p></w:comment>"
        )
        return (
            f'<w:commentRangeEnd w:id="{number}"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
            f'<w:commentReference w:id="{number}"/></w:r>'
        )

    def paragraph(self, style: str, text: str, properties: str = "") -> str:
        """Write one paragraph; where all of it was put in or taken out, so was its mark."""
        parts = list(spans(text))
        mark = ""
        for kind, who in (("ins", parts[0].inserted_by), ("del", parts[0].deleted_by)) if parts else ():
            if who and all(who in (part.inserted_by, part.deleted_by) for part in parts):
                mark = f"<w:rPr>{self.change(kind, who)}</w:rPr>"
        name = f'<w:pStyle w:val="{style}"/>' if style else ""
        return f"<w:p><w:pPr>{name}{properties}{mark}</w:pPr>{self.runs(text)}</w:p>"

    def heading(self, block: Block, first: bool) -> str:
        """Write a heading with the bookmark that the contents point to."""
        self.bookmarks += 1
        properties = "<w:pageBreakBefore/>" if first else ""
        if block.level == 1 and not block.numbered:
            properties += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:firstLine="0"/>'
        start = f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{_bookmark(self.bookmarks)}"/>'
        return (
            f'<w:p><w:pPr><w:pStyle w:val="Heading{block.level}"/>{properties}</w:pPr>{start}'
            f'{text_run(block.text)}<w:bookmarkEnd w:id="{self.bookmarks}"/></w:p>'
        )

    def table(self, block: Block) -> Iterator[str]:
        """Write a captioned table with a repeated head row; the caption's number is a field."""
        name = re.fullmatch(r"Table (\d+)(: .*)", block.text)
        label = text_run(block.text)
        if name:
            count = f'<w:fldSimple w:instr=" SEQ Table \\* ARABIC ">{text_run(name[1])}</w:fldSimple>'
            label = text_run("Table ") + count + text_run(name[2])
        yield f'<w:p><w:pPr><w:pStyle w:val="Caption"/></w:pPr>{label}</w:p>'
        widths = [_TEXT_WIDTH * share // 100 for share in block.widths]
        rows = []
        for place, cells in enumerate(block.rows):
            written = []
            for column, cell in enumerate(cells):
                if cell == "<":
                    continue
                joined = sum(1 for other in cells[column + 1 :] if other == "<")
                wide = sum(widths[column : column + joined + 1])
                form = f'<w:tcW w:w="{wide}" w:type="dxa"/>'
                form += f'<w:gridSpan w:val="{joined + 1}"/>' if joined else ""
                form += '<w:shd w:val="clear" w:color="auto" w:fill="DCE6F1"/>' if joined or not place else ""
                text = f"**{cell}**" if joined or not place else cell
                written.append(f"<w:tc><w:tcPr>{form}</w:tcPr>{self.paragraph('TableText', text)}</w:tc>")
            head = "" if place else "<w:tblHeader/>"
            rows.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(written)}</w:tr>")
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        yield (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
        )
        yield "<w:p/>"

    def body(self) -> Iterator[str]:
        """Write the whole body, block by block, after a title page."""
        head = self.source.head
        for style, key in (("Subtitle", "board"), ("Title", "title"), ("Subtitle", "subject"), ("Subtitle", "kind")):
            yield self.paragraph(style, head[key])
        yield self.paragraph("", head["authors"])
        yield self.paragraph("", f"**{head['date']}**")
        started = False
        for block in self.source.blocks:
            if block.kind == "heading":
                yield self.heading(block, first=not started)
                started = True
            elif block.kind == "table":
                yield from self.table(block)
            elif block.kind == "contents":
                yield contents(self.entries())
            elif block.kind == "box":
                title, *rest = block.text.split("\n")
                yield box("".join(self.paragraph("TableText", text) for text in (f"**{title}**", *rest)))
            else:
                bullet = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="92"/></w:numPr><w:contextualSpacing/>'
                yield self.paragraph(_STYLE[block.kind], block.text, bullet if block.kind == "bullet" else "")

    def entries(self) -> Iterator[tuple[int, str, str, str]]:
        """List the lines of the contents; page numbers are those of the last update, kept at the head of the source."""
        pages = iter(self.source.head["pages"].split())
        headings = [block for block in self.source.blocks if block.kind == "heading"]
        chapter = 0
        for place, block in enumerate(headings, start=1):
            chapter += block.level == 1 and block.numbered
            number = f"{chapter}\t" if block.level == 1 and block.numbered else ""
            if block.level < 3:
                yield block.level, number + block.text, _bookmark(place), next(pages)


def _bookmark(number: int) -> str:
    return f"_Toc1509{number:05d}"


def _pieces(text: str) -> list[str]:
    """Long text in two runs, cut anywhere, as Word leaves it after an edit."""
    return [text] if len(text) < 160 else [text[:97], text[97:]]


def _furniture(document: docx.document.Document, head: dict[str, str]) -> None:
    """Page size, header and footer."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.54)
    section.different_first_page_header_footer = True
    for header in (section.header, section.first_page_header):
        header.paragraphs[0].add_run(head["marking"])
    footer = section.footer.paragraphs[0]._p
    fields = "".join(
        f'{text_run(word)}<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {name} '
        f'</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{text_run(value)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        for word, name, value in (("\tPage ", "PAGE", "2"), (" of ", "NUMPAGES", head["length"]))
    )
    for run in element(f"<w:p>{text_run(head['footer'])}{fields}</w:p>"):
        footer.append(run)


def build_docx(source: Source, path: Path) -> None:
    """Write the document; the same source gives the same bytes."""
    document = docx.Document()
    prepare(document)
    writer = _Writer(source, document)
    end = document.element.body.sectPr
    for xml in writer.body():
        end.addprevious(element(xml))
    for kind, notes in writer.notes.items():
        add_part(document, f"{kind}s", "".join(notes))
    add_part(document, "comments", "".join(writer.comments))
    _furniture(document, source.head)
    about = document.core_properties
    about.title, about.subject = f"{source.head['title']}: {source.head['subject']}", escape(source.head["kind"])
    about.author, about.last_modified_by = writer.editors["RO"], writer.editors["PN"]
    about.comments, about.keywords, about.language, about.revision = "Fictional example", "fictional", "en-GB", 14
    about.created = datetime.datetime(2023, 7, 3, 9, 0)
    about.modified = about.last_printed = datetime.datetime(2023, 11, 16, 14, 20)
    held = io.BytesIO()
    document.save(held)
    with zipfile.ZipFile(held) as loose, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in loose.namelist():
            entry = zipfile.ZipInfo(name, date_time=(2023, 11, 16, 14, 20, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            packed.writestr(entry, loose.read(name))
