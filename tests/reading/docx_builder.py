"""Write Word documents from raw XML, so that each test has the very markup that it is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

__all__ = ["NAMESPACES", "docx", "ole", "p", "part", "run", "style", "zipped"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"

NAMESPACES = " ".join(
    (
        f'xmlns:w="{_W}"',
        f'xmlns:r="{_REL}"',
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"',
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"',
        'xmlns:v="urn:schemas-microsoft-com:vml"',
    )
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def run(text: str, properties: str = "") -> str:
    """A run of text; `text` is escaped by the caller."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str = "", properties: str = "") -> str:
    """A paragraph of runs, or of plain text where `content` has no markup."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content if '<' in content else run(content)}</w:p>"


def style(identity: str, name: str, inner: str = "", kind: str = "paragraph") -> str:
    """A style definition."""
    return f'<w:style w:type="{kind}" w:styleId="{identity}"><w:name w:val="{name}"/>{inner}</w:style>'


def part(element: str, inner: str) -> str:
    """A whole part with the given root element."""
    return f"{_HEAD}<w:{element} {NAMESPACES}>{inner}</w:{element}>"


def zipped(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive of the parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), content, compression
            )  # of ZIP's first day: the same bytes each time
    return buffer.getvalue()


def docx(
    body: str,
    *,
    styles: str | None = None,
    numbering: str | None = None,
    footnotes: str | None = None,
    endnotes: str | None = None,
    main: str = "word/document.xml",
    content_type: str = f"{_TYPE}.document.main+xml",
    extra: Mapping[str, str | bytes] | None = None,
    strict: bool = False,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A Word document; each part is given by what stands inside its root element."""
    inner = {"styles": styles, "numbering": numbering, "footnotes": footnotes, "endnotes": endnotes}
    given = {name: content for name, content in inner.items() if content is not None}
    folder, _, name = main.rpartition("/")
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_REL}/{kind}" Target="{kind}.xml"/>' for i, kind in enumerate(given)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE_REL}">'
        f'<Relationship Id="r" Type="{_REL}/officeDocument" Target="{main}"/></Relationships>',
        f"{folder}/_rels/{name}.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE_REL}">{relations}</Relationships>',
        main: part("document", f"<w:body>{body}<w:sectPr/></w:body>"),
        **{f"{folder}/{kind}.xml": part(kind, content) for kind, content in given.items()},
        **(extra or {}),
    }
    if strict:
        parts = {name: _strict(content) for name, content in parts.items()}
    return zipped(parts, compression)


def _strict(content: str | bytes) -> str | bytes:
    if isinstance(content, bytes):
        return content
    for transitional, strict in (
        (_W, "http://purl.oclc.org/ooxml/wordprocessingml/main"),
        (_REL, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (
            "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://purl.oclc.org/ooxml/officeDocument/math",
        ),
    ):
        content = content.replace(transitional, strict)
    return content


def ole(stream: str) -> bytes:
    """The beginning of an OLE2 compound file with one stream of the name."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + stream.encode("utf-16-le") + b"\x00" * 512
