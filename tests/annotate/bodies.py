"""Word documents with all that a comment may have to go around, each small."""

from __future__ import annotations

from tests.reading import test_docx
from tests.reading.docx_builder import docx, p, run, style
from tests.reading.test_docx import box, field

__all__ = ["BODIES", "FOOTNOTES", "TORTURE", "dele", "ins"]


def _who(number: int) -> str:
    return f'w:id="{number}" w:author="PN" w:date="2026-01-01T10:00:00Z"'


def ins(content: str, number: int = 90) -> str:
    return f"<w:ins {_who(number)}>{content}</w:ins>"


def dele(text: str, number: int = 91) -> str:
    return f'<w:del {_who(number)}><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


FOOTNOTES = f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + run(" The visitor failed to follow this up."))}</w:footnote>'
_BLAME = "The nurse failed to ring the family."
_TABLE = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"

#: One document with all of it, and a finding in each place.
TORTURE = docx(
    "".join(
        [
            p("A draft review", '<w:pStyle w:val="h"/>'),
            p(f"Plain. {_BLAME} It rained."),
            p(run("Inserted: the nurse ") + ins(run("failed to ring")) + run(" the family.")),
            p(ins(run("All of it is new. The school should have known. It rained."), 92)),
            p(run("The worker ") + dele("badly ") + run("failed to ", "<w:b/>") + run("call back.")),
            p(
                f'<w:moveFromRangeStart {_who(1)} w:name="m"/><w:moveFrom {_who(2)}>{run("The doctor ignored it.")}'
                '</w:moveFrom><w:moveFromRangeEnd w:id="1"/>' + run("Stays here.")
            ),
            p(
                f'<w:moveToRangeStart {_who(3)} w:name="m"/><w:moveTo {_who(4)}>{run("The doctor ignored it.")}</w:moveTo>'
                '<w:moveToRangeEnd w:id="3"/>'
            ),
            p(
                run("See ")
                + f'<w:hyperlink w:anchor="a">{run("how the nurse failed to ring them", "<w:u/>")}</w:hyperlink>'
                + run(" last May.")
            ),
            p(run("The police ") + field("REF x", run("failed to share")) + run(" what they knew.")),
            p(run("The bank ") + f'<w:fldSimple w:instr="REF y">{run("failed to say")}</w:fldSimple>' + run(" so.")),
            p(
                '<w:sdt><w:sdtPr><w:alias w:val="Rich"/></w:sdtPr><w:sdtContent>'
                + run("In a control the school should have known.")
                + "</w:sdtContent></w:sdt>"
                + run(" It rained.")
            ),
            p(
                "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>"
                + run("The teacher was careless.")
                + "</w:sdtContent></w:sdt>"
                + run(" It rained.")
            ),
            p(f"<w:smartTag><w:smartTagPr/>{run('The clinic failed')}</w:smartTag>" + run(" to ring.")),
            p("Astral 😀𝒜 first. 😀 The nurse 𝒩 failed to ring 👩\u200d👩\u200d👧 at all."),
            p(
                '<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve">שלום </w:t></w:r>'
                + run(_BLAME)
                + "<w:r><w:rPr><w:rtl/></w:rPr><w:t>עולם</w:t></w:r>",
                "<w:bidi/>",
            ),
            _TABLE.format(
                p("Finding: the nurse failed to ring.") + _TABLE.format(p("Inner: it should have been.")) + p()
            ),
            p(run("A box hangs here.") + box(p("The ward failed to ring. In a box it rained."))),
            p(run("A note hangs here") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" and it rained.")),
            p("Joined: the nurse failed", f"<w:rPr><w:del {_who(77)}/></w:rPr>") + p(" to ring the family. It rained."),
            p(
                '<w:bookmarkStart w:id="5" w:name="b"/>'
                + run("The nurse fai")
                + '<w:bookmarkEnd w:id="5"/>'
                + run("led to ring.", "<w:i/>")
            ),
            p(
                "<w:r w:rsidR='00AB12CD'><w:t>The nurse</w:t><w:tab/><w:t>failed</w:t><w:br/>"
                "<w:t xml:space='preserve'>to ring  the</w:t><w:noBreakHyphen/><w:t>family.</w:t></w:r>"
            ),
        ]
    ),
    footnotes=FOOTNOTES,
    styles=style("h", "heading 1"),
)

#: The bodies of the tests of the reader, by their names.
BODIES = {case.id: case.values[0] for case in test_docx.test_text.pytestmark[0].args[1]}
