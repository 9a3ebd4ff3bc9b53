"""Builds the example published report: a PDF with running heads, notes, a two-column page and broken words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from build_markup import Block, Source, spans
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.tableofcontents import TableOfContents

__all__ = ["build_pdf"]

_LEFT, _BOTTOM = 2.5 * cm, 2.3 * cm
_WIDTH = A4[0] - 2 * _LEFT
_NOTES = 38  # points kept free for notes at the foot of each page
_BLUE = colors.Color(0.16, 0.24, 0.42)

# Where long words of the report may be broken.
_BREAKS = """
accept-ance accord-ance admin-is-trator advert-ised agen-cies ambu-lance anony-mous any-thing appoint-ment
arrange-ment arrange-ments assault-ing assess-ment assess-ments assist-ant attend-ance author-ity bruis-ing
case-load cat-egory chal-lenged chil-dren clin-ician collar-bone com-mended commit-tee com-mun-ity com-plaint
complet-ed compli-ance con-cerned con-cerns con-cluded con-clu-sion con-cludes condi-tions con-nec-tion con-sider
con-sul-tant con-tacts con-tained con-victed con-vic-tion cover-ing crim-inal cri-teria criti-cise criti-cism
culp-able depart-mental depart-ment deter-mined differ-ent diffi-cult dis-clos-ure dis-cussed dis-cus-sion
dis-missed dis-trict domest-ic down-stairs elec-tronic em-ploy-ees em-ploy-ers enforce-ment enquir-ies escal-ation
estab-lish-ment every-thing exam-in-ation exem-plary experi-ence experi-enced explan-ation fail-ings fail-ures
famil-iar follow-ing four-teen frac-ture fright-ened grand-mother guid-ance gull-ible hand-over hap-pened hind-sight
hos-pital house-hold identi-fied immer-sion im-mun-isa-tions inac-tion individ-ual individ-uals inex-cus-able
inform-ation injur-ies inspec-tion inter-viewed inter-view-ees invest-ig-a-tion involve-ment like-wise lunch-time
mali-cious manage-ment mana-ger mana-gers mater-nal mater-nity mat-tresses mean-time men-tioned mis-taken neces-sary
neglect-ed neigh-bour never-the-less news-letter noti-fic-ation noti-fy-ing obs-tacle occa-sion offend-er offend-ers
offi-cers oppor-tun-ity organ-isa-tions paedi-atric paedi-atri-cian para-graph particu-lar percent-age per-fectly
per-sist-ence photo-graph plaus-ible posses-sion prac-tice practi-tion-ers predict-able preg-nancy pres-ence
present-ation pres-sure prevent-able previ-ously prin-cipal proced-ure proced-ures proceed-ings profes-sional
profes-sionals prosec-u-tion protec-tion pro-vider quali-fied ques-tioned ques-tions radi-ator recom-mend-a-tions
refer-ence refer-rals refer-ring reflect-ive regard-less regret-table rela-tion-ship reli-gion reluct-ance
repre-sented reser-va-tion respons-ib-il-ity respons-ible safe-guard-ing sched-ule scru-tiny sen-tence sen-tenced
sen-ten-cing separ-ate separ-ated ser-geant ser-vices seven-teen shout-ing signi-fic-ant some-body some-times
some-what state-ment stat-utory strat-egy suffer-ing sum-mar-ised super-fi-cial super-vised sur-vived teach-ers
teach-ing tele-phone tele-phoned tempor-ary text-book them-selves there-after there-fore thir-teen thor-oughly
thresh-old time-scale to-gether train-ing treat-ment un-an-nounced under-stood un-dressed vari-able viol-ence
visit-ing visit-ors what-ever with-drawn wit-nesses wound-ing
"""
_POINTS = {word.replace("-", ""): word.split("-") for word in _BREAKS.split()}


def _broken(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to break a word, last first, as ReportLab asks for them."""
    parts = _POINTS.get(word.lower(), [])
    for count in range(len(parts) - 1, 0, -1):
        cut = len("".join(parts[:count]))
        yield word[:cut], word[cut:]


_TEXT = ParagraphStyle(
    "text", fontName="Times-Roman", fontSize=11, leading=14.6, spaceAfter=7, alignment=4, hyphenationLang=_broken,
    embeddedHyphenation=1, allowWidows=0, allowOrphans=0,
)  # fmt: skip
_SANS = ParagraphStyle("sans", fontName="Helvetica-Bold", textColor=_BLUE, keepWithNext=1)
_STYLE = {
    "plain": _TEXT,
    "paragraph": ParagraphStyle("paragraph", _TEXT, leftIndent=36, bulletIndent=0),
    "bullet": ParagraphStyle("bullet", _TEXT, leftIndent=54, bulletIndent=40, spaceAfter=4),
    "quote": ParagraphStyle("quote", _TEXT, leftIndent=64, rightIndent=36, fontName="Times-Italic"),
    "column": ParagraphStyle("column", _TEXT, fontSize=10.5, leading=13.4, spaceAfter=6),
    "columnbullet": ParagraphStyle("columnbullet", _TEXT, fontSize=10.5, leading=13.4, leftIndent=12, spaceAfter=3),
    "caption": ParagraphStyle("caption", _SANS, fontSize=9.5, leading=12, spaceBefore=6, spaceAfter=5),
    "cell": ParagraphStyle("cell", fontName="Helvetica", fontSize=8.5, leading=10.5),
    "note": ParagraphStyle("note", fontName="Times-Roman", fontSize=8, leading=9.5),
    "h1": ParagraphStyle("h1", _SANS, fontSize=17, leading=21, spaceBefore=14, spaceAfter=10),
    "h2": ParagraphStyle("h2", _SANS, fontSize=12.5, leading=16, spaceBefore=8, spaceAfter=6),
    "contents": ParagraphStyle("contents", _SANS, fontSize=17, leading=21, spaceAfter=14),
}
_COVER = [
    ("board", 15, 250),
    ("title", 34, 8),
    ("subject", 26, 8),
    ("kind", 17, 150),
    ("authors", 12, 4),
    ("date", 12, 0),
]


class _Canvas(Canvas):
    """A canvas that remembers which notes are called for on the page being drawn."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.called: list[str] = []
        self.setNamedCB("call", self.call)

    def call(self, canvas: Canvas, kind: str, label: str) -> None:
        """Note that a reference to the note `label` has just been drawn."""
        self.called.append(label)


class _Report(BaseDocTemplate):
    """Pages, running heads, notes and the entries of the contents."""

    def __init__(self, path: Path, source: Source) -> None:
        self.head = source.head
        super().__init__(
            str(path), pagesize=A4, invariant=1, title=f"{self.head['title']}: {self.head['subject']}",
            author=self.head["board"], subject="Fictional example", lang="en-GB",
        )  # fmt: skip
        self.notes: list[str] = []
        foot, top = _BOTTOM + _NOTES, A4[1] - 2.6 * cm
        whole = Frame(_LEFT, foot, _WIDTH, top - foot, 0, 0, 0, 0)
        title = Frame(_LEFT, top - 46, _WIDTH, 46, 0, 0, 0, 0)
        half, gap = (_WIDTH - 22) / 2, 22
        columns = [Frame(_LEFT + k * (half + gap), foot, half, top - foot - 50, 0, 0, 0, 0) for k in (0, 1)]
        self.addPageTemplates([
            PageTemplate("cover", [Frame(_LEFT, foot, _WIDTH, top - foot, 0, 0, 0, 0)]),
            PageTemplate("body", [whole], onPageEnd=self.furniture),
            PageTemplate("columns", [title, *columns], onPageEnd=self.furniture),
        ])  # fmt: skip

    def furniture(self, canvas: _Canvas, _: BaseDocTemplate) -> None:
        """Draw the running head, page number and the notes of this page."""
        canvas.setFont("Helvetica", 8.5)
        canvas.setFillColor(colors.grey)
        canvas.drawString(_LEFT, A4[1] - 1.6 * cm, self.head["header"])
        canvas.drawRightString(A4[0] - _LEFT, A4[1] - 1.6 * cm, self.head["running"])
        canvas.drawCentredString(A4[0] / 2, 1.3 * cm, f"Page {canvas.getPageNumber()}")
        canvas.setStrokeColor(colors.lightgrey)
        canvas.line(_LEFT, A4[1] - 1.8 * cm, A4[0] - _LEFT, A4[1] - 1.8 * cm)
        notes = [
            Paragraph(f"<super>{label}</super> {self.notes[int(label) - 1]}", _STYLE["note"]) for label in canvas.called
        ]
        canvas.called = []
        heights = [note.wrap(_WIDTH, 200)[1] for note in notes]
        at = _BOTTOM - 8 + sum(heights)
        if notes:
            canvas.setStrokeColor(colors.black)
            canvas.line(_LEFT, at + 4, _LEFT + 5 * cm, at + 4)
        for note, height in zip(notes, heights, strict=True):
            at -= height
            note.drawOn(canvas, _LEFT, at)

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (ReportLab's name)
        """Tell the contents about each heading."""
        if (level := getattr(flowable, "level", 0)) and self.canv:
            self.notify("TOCEntry", (level - 1, flowable.entry, self.page))


def _line(text: str, notes: list[str]) -> str:
    """Our mark-up as ReportLab's; each note is kept and its number raised."""
    written = []
    for span in spans(text):
        piece = escape(span.text)
        if span.note:
            notes.append(piece)
            piece = f'<super size="7">{len(notes)}</super><onDraw name="call" label="{len(notes)}"/>'
        piece = f"<b>{piece}</b>" if span.bold else piece
        written.append(f"<i>{piece}</i>" if span.italic else piece)
    return "".join(written)


def _heading(block: Block, number: str) -> Paragraph:
    words = escape(f"{number} {block.text}".strip())
    heading = Paragraph(words.replace(" ", "&nbsp;&nbsp;", 1) if number else words, _STYLE[f"h{block.level}"])
    heading.level, heading.entry = block.level, words
    return heading


def _table(block: Block, notes: list[str]) -> Iterator[Flowable]:
    yield Paragraph(escape(block.text), _STYLE["caption"])
    rows = [
        [Paragraph(_line(f"**{cell}**" if place == 0 else cell, notes), _STYLE["cell"]) for cell in row]
        for place, row in enumerate(block.rows)
    ]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.88, 0.91, 0.96)),
    ]
    yield Table(rows, [_WIDTH * share / 100 for share in block.widths], style=look, repeatRows=1)
    yield Spacer(1, 12)


def _story(source: Source, notes: list[str]) -> Iterator[Flowable]:
    for key, size, after in _COVER:
        style = ParagraphStyle(key, _SANS, fontSize=size, leading=size * 1.25, spaceAfter=after, keepWithNext=0)
        yield Paragraph(escape(source.head[key]), style)
    contents = TableOfContents(dotsMinLevel=0)
    contents.levelStyles = [
        ParagraphStyle("toc1", fontName="Helvetica-Bold", fontSize=10.5, leading=17),
        ParagraphStyle("toc2", fontName="Helvetica", fontSize=10, leading=15, leftIndent=18),
    ]
    yield from (NextPageTemplate("body"), PageBreak(), Paragraph("Contents", _STYLE["contents"]), contents)
    chapter = count = 0
    columns = fresh = False
    for block in source.blocks:
        if block.kind == "heading":
            if block.level == 1:
                fresh = not chapter and (block.columns or columns or block.numbered)
                columns, count = block.columns, 0
                chapter += block.numbered
                if fresh:
                    yield from (NextPageTemplate("columns" if columns else "body"), PageBreak())
            yield _heading(block, str(chapter) if block.level == 1 and block.numbered else "")
            if columns:
                yield FrameBreak()
        elif block.kind == "table":
            yield from _table(block, notes)
        else:
            count += block.kind == "paragraph"
            bullet = {"paragraph": f"{chapter}.{count}", "bullet": "\u2022"}.get(block.kind)
            style = ("columnbullet" if bullet else "column") if columns else block.kind
            yield Paragraph(_line(block.text, notes), _STYLE[style], bulletText=bullet)


def build_pdf(source: Source, path: Path) -> None:
    """Write the report; the same source gives the same bytes."""
    report = _Report(path, source)
    report.multiBuild(list(_story(source, report.notes)), canvasmaker=_Canvas)
