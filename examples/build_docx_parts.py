"""The fixed parts of the example Word document: styles, numbering, notes, comments, settings, contents, text box."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn

__all__ = ["add_part", "box", "contents", "element", "prepare", "text_run"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": _W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/>'

# Style id, name, kind, base, paragraph properties, run properties.
_STYLES = [
    ("Normal", "Normal", "paragraph", "", '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/>', "22"),
    ("Title", "Title", "paragraph", "Normal", '<w:spacing w:before="1800" w:after="120"/>', "b 48 1F3864"),
    ("Subtitle", "Subtitle", "paragraph", "Normal", '<w:spacing w:after="120"/>', "30 1F3864"),
    ("Heading1", "heading 1", "paragraph", "Normal",
     '<w:keepNext/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="91"/></w:numPr><w:spacing w:before="360" w:after="160"/>'
     '<w:outlineLvl w:val="0"/>', "b 32 1F3864"),
    ("Heading2", "heading 2", "paragraph", "Normal",
     '<w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="1"/>', "b 26 1F3864"),
    ("Heading3", "heading 3", "paragraph", "Normal",
     '<w:keepNext/><w:spacing w:before="160" w:after="100"/><w:outlineLvl w:val="2"/>', "b i 22 404040"),
    ("NumberedParagraph", "Numbered Paragraph", "paragraph", "Normal",
     '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="91"/></w:numPr>', ""),
    ("LetteredList", "Lettered List", "paragraph", "Normal",
     '<w:numPr><w:ilvl w:val="2"/><w:numId w:val="91"/></w:numPr><w:spacing w:after="60"/>', ""),
    ("Quote", "Quote", "paragraph", "Normal", '<w:ind w:left="1134" w:right="567"/>', "i"),
    ("QuoteSource", "Quote Source", "paragraph", "Normal", '<w:ind w:left="1134"/>', "20 595959"),
    ("Caption", "caption", "paragraph", "Normal", '<w:keepNext/><w:spacing w:before="200" w:after="80"/>', "b 20"),
    ("TableText", "Table Text", "paragraph", "Normal", '<w:spacing w:before="40" w:after="40" w:line="240"/>', "19"),
    ("TOCHeading", "TOC Heading", "paragraph", "Normal", '<w:spacing w:after="240"/>', "b 32 1F3864"),
    ("TOC1", "toc 1", "paragraph", "Normal",
     '<w:tabs><w:tab w:val="left" w:pos="567"/><w:tab w:val="right" w:leader="dot" w:pos="9026"/></w:tabs>'
     '<w:spacing w:before="100" w:after="40"/>', "b"),
    ("TOC2", "toc 2", "paragraph", "Normal",
     '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9026"/></w:tabs><w:spacing w:after="40"/>'
     '<w:ind w:left="567"/>', ""),
    ("Header", "header", "paragraph", "Normal", '<w:jc w:val="center"/>', "b 18 C00000"),
    ("Footer", "footer", "paragraph", "Normal", '<w:tabs><w:tab w:val="right" w:pos="9026"/></w:tabs>', "18"),
    ("FootnoteText", "footnote text", "paragraph", "Normal", '<w:spacing w:after="0" w:line="240"/>', "18"),
    ("EndnoteText", "endnote text", "paragraph", "Normal", '<w:spacing w:after="0" w:line="240"/>', "18"),
    ("CommentText", "annotation text", "paragraph", "Normal", '<w:spacing w:after="0" w:line="240"/>', "20"),
    ("FootnoteReference", "footnote reference", "character", "", "", "super"),
    ("EndnoteReference", "endnote reference", "character", "", "", "super"),
    ("CommentReference", "annotation reference", "character", "", "", "16"),
    ("Hyperlink", "Hyperlink", "character", "", "", "0563C1 u"),
]  # fmt: skip

_LEVELS = [
    ("decimal", "%1", 567, 567, "Heading1"),
    ("decimal", "%1.%2", 709, 709, "NumberedParagraph"),
    ("lowerLetter", "(%3)", 1276, 425, "LetteredList"),
]


def element(xml: str) -> object:
    """Parse one element, with the prefixes used here declared on it."""
    return parse_xml(re.sub(r"^<([\w:]+)", rf"<\1 {_NAMESPACES}", xml, count=1))


def text_run(text: str, properties: str = "") -> str:
    """Write one run of plain text; a tab character becomes a Word tab."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    parts = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in text.split("\t")
    )
    return f"<w:r>{look}{parts}</w:r>"


def prepare(document: Document) -> None:
    """Put our styles, numbering and settings in place of the template's."""
    styles = document.styles.element
    for font in styles.find(qn("w:docDefaults")).iter(qn("w:rFonts")):
        font.getparent().replace(font, element(_FONT))
    for language in styles.find(qn("w:docDefaults")).iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    for style_id, name, kind, base, paragraph, look in _STYLES:
        for old in [old for old in styles if old.get(qn("w:styleId")) == style_id]:
            styles.remove(old)
        default = ' w:default="1"' if style_id == "Normal" else ""
        styles.append(element(
            f'<w:style w:type="{kind}"{default} w:styleId="{style_id}"><w:name w:val="{name}"/>'
            + (f'<w:basedOn w:val="{base}"/>' if base else "")
            + ("<w:qFormat/>" if kind == "paragraph" else "")
            + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
            + f"<w:rPr>{_look(look)}</w:rPr></w:style>"
        ))  # fmt: skip
    _number(document)
    settings = document.settings.element
    settings.find(qn("w:defaultTabStop")).addprevious(element("<w:trackRevisions/>"))
    for kind in ("footnote", "endnote"):
        settings.find(qn("w:compat")).addprevious(
            element(f'<w:{kind}Pr><w:{kind} w:id="-1"/><w:{kind} w:id="0"/></w:{kind}Pr>')
        )


def _look(words: str) -> str:
    """Run properties from a few words: b, i, u, super, a size in half points, a colour; in the schema's order."""
    given = words.split()
    found = [f"<w:{mark}/>" for mark in ("b", "i") if mark in given]
    found += [f'<w:color w:val="{word}"/>' for word in given if len(word) == 6]
    found += [f'<w:sz w:val="{word}"/><w:szCs w:val="{word}"/>' for word in given if len(word) == 2]
    found += ['<w:u w:val="single"/>'] if "u" in given else []
    found += ['<w:vertAlign w:val="superscript"/>'] if "super" in given else []
    return "".join(found)


def _number(document: Document) -> None:
    """One multi-level list for headings, paragraphs and letters; another for bullets."""
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="{style}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/>'
        "</w:pPr></w:lvl>"
        for depth, (form, text, left, hanging, style) in enumerate(_LEVELS)
    )
    bullet = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1134" w:hanging="425"/></w:pPr>'
        '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr></w:lvl>'
    )
    numbering = document.part.numbering_part.element
    first = numbering.find(qn("w:num"))
    for number, kind, inside in ((91, "multilevel", levels), (92, "hybridMultilevel", bullet)):
        first.addprevious(element(
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="{kind}"/>{inside}</w:abstractNum>'
        ))  # fmt: skip
        numbering.append(element(f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))


def add_part(document: Document, kind: str, inside: str) -> None:
    """Add footnotes, endnotes or comments as a part of the package."""
    if kind != "comments":
        note = kind.removesuffix("s")
        inside = (
            "".join(
                f'<w:{note} w:type="{rule}" w:id="{number}"><w:p><w:r><w:{rule}/></w:r></w:p></w:{note}>'
                for number, rule in ((-1, "separator"), (0, "continuationSeparator"))
            )
            + inside
        )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:{kind} xmlns:w="{_W}">{inside}</w:{kind}>'
    content_type = getattr(CONTENT_TYPE, f"WML_{kind.upper()}")
    part = Part(PackURI(f"/word/{kind}.xml"), content_type, xml.encode(), document.part.package)
    document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, kind.upper()))


def contents(entries: Iterable[tuple[int, str, str, str]]) -> str:
    """Write a table of contents field, with its entries (level, number and title, bookmark, page) as last updated."""
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        ' TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    paragraphs = []
    for level, title, bookmark, page in entries:
        number = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF '
            f'{bookmark} \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{text_run(page)}'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        paragraphs.append(
            f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr>{begin}'
            f'<w:hyperlink w:anchor="{bookmark}" w:history="1">'
            f"{text_run(title)}<w:r><w:tab/></w:r>{number}</w:hyperlink></w:p>"
        )
        begin = ""
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        '</w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="TOCHeading"/><w:pageBreakBefore/></w:pPr>'
        f"{text_run('Contents')}</w:p>{''.join(paragraphs)}"
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>'
    )


def box(paragraphs: str) -> str:
    """Write a text box in line with the text: the drawing that Word reads, and the older form beside it."""
    wide, high = 5_600_000, 1_150_000
    return (
        '<w:p><w:pPr><w:ind w:left="142"/></w:pPr><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
        '<wp:docPr id="501" name="Text Box 1"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        f'<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect">'
        '<a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="E9EFF7"/></a:solidFill><a:ln w="9525"><a:solidFill>'
        f'<a:srgbClr val="1F3864"/></a:solidFill></a:ln></wps:spPr><wps:txbx><w:txbxContent>{paragraphs}'
        '</w:txbxContent></wps:txbx><wps:bodyPr lIns="108000" tIns="72000" rIns="108000" bIns="72000"/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape "
        f'style="width:441pt;height:91pt" fillcolor="#e9eff7"><v:textbox><w:txbxContent>{paragraphs}</w:txbxContent>'
        "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
