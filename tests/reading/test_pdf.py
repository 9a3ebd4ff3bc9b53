"""PDFs: each feature with a file made for it, written line by line so that the right answer is known."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption

from scr_tone.errors import InputError
from scr_tone.reading.limits import Limits
from scr_tone.reading.pdf import read_pdf
from scr_tone.records import KINDS, Block
from tests.reading.pdf_builder import BOLD, BOTTOM, LEADING, LEFT, RIGHT, TOP, Pen, raw_pdf, unicode_font

LIMITS = Limits()

NURSE = (
    "The nurse saw the child at home in March and wrote down what she found. She rang the duty desk twice that"
    " afternoon and was told that a worker would ring her back before the end of the week."
)
POLICE = (
    "Police officers were called to the flat in the early hours after neighbours heard shouting. They spoke with the"
    " mother on the doorstep, saw that the children were asleep and left without a referral being made."
)
SCHOOL = (
    "The school had a log of its own in which the deputy head recorded hunger, tiredness and bruises over two terms."
    " Nobody outside the school had seen that log before this review asked for it in the autumn."
)
HOUSING = (
    "The housing officer visited because of the arrears and noticed that there was no bed in the smaller room."
    " The visit record has a box for concerns about a child, which was left empty on that day."
)
STORY = (NURSE, POLICE, SCHOOL, HOUSING)


def read(pen: Pen) -> list[Block]:
    return read_pdf(pen.pdf(), LIMITS)[0]


def texts(blocks: list[Block], kind: str | None = None) -> list[str]:
    return [block.text for block in blocks if kind is None or block.kind == kind]


def filler(pen: Pen, count: int = 8, seed: int = 0) -> list[str]:
    """Several different paragraphs, so that nothing repeats."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        words = [word for text in STORY for word in text.rstrip(".").lower().split()]
        chance.shuffle(words)
        made.append(" ".join(["Paragraph", f"{seed}.{number}x", *words[:40]]) + ".")
        pen.paragraph(made[-1])
    return made


def error(data: bytes, limits: Limits = LIMITS) -> InputError:
    with pytest.raises(InputError) as caught:
        read_pdf(data, limits)
    assert caught.value.remedy
    return caught.value


# Paragraphs


def test_lines_become_paragraphs() -> None:
    pen = Pen()
    for text in STORY:
        pen.paragraph(text)
    assert read(pen) == [Block(text, "body", 1) for text in STORY]


def test_paragraphs_without_white_between_them_end_with_a_short_line() -> None:
    pen = Pen()
    for text in STORY:
        pen.paragraph(text, gap=0)
    assert texts(read(pen)) == list(STORY)


def test_paragraphs_that_only_set_in_their_first_line() -> None:
    pen = Pen()
    full = "A line that is as full as can be and ends with a stop right where the margin of the page is now."
    for text in (full, NURSE, full, POLICE):
        pen.paragraph(text, first=LEFT + 24, gap=0)
    assert texts(read(pen)) == [full, NURSE, full, POLICE]


@pytest.mark.parametrize("leading", [12.5, 16.5, 22.0, 27.5])
def test_line_spacing_is_learnt_from_the_document(leading: float) -> None:
    pen = Pen(leading=leading)
    for text in STORY:
        pen.paragraph(text, gap=leading * 0.5)
    assert texts(read(pen)) == list(STORY)


def test_a_number_at_which_a_line_breaks_starts_nothing() -> None:
    pen = Pen()
    pen.line("The panel asked for the records that are described above in section")
    pen.line("4.12 of this report and was told that the system had been closed in")
    pen.line("2019 and that no copy of it had been kept by either of the agencies.")
    assert texts(read(pen)) == [
        "The panel asked for the records that are described above in section 4.12 of this report and was told that the"
        " system had been closed in 2019 and that no copy of it had been kept by either of the agencies."
    ]


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        ("the safe-", "guarding lead", "safeguarding lead"),
        ("a depart-", "ment of its own", "department of its own"),
        ("a multi-", "agency meeting", "multi-agency meeting"),
        ("asked for a follow-", "up visit", "follow-up visit"),
        ("her well-", "being was noted", "well-being was noted"),
        ("a non-", "mobile baby", "non-mobile baby"),
        ("a decision-", "making tool", "decision-making tool"),
        ("in-", "depth work", "in-depth work"),
        ("under-", "standing of risk", "understanding of risk"),
        ("the Anglo-", "Irish family", "Anglo-Irish family"),
        ("the CAFCASS-", "led meeting", "CAFCASS-led meeting"),
        ("between 2018-", "2019 only", "2018-2019 only"),
        ("the three-year-", "old child", "three-year-old child"),
        ("they met -", "once only", "met - once only"),
    ],
)
def test_hyphens_at_line_ends(upper: str, lower: str, expected: str) -> None:
    pen = Pen()
    pen.line("The professionals who came to the family home in the spring spoke of " + upper)
    pen.line(lower + " and nothing else that the reviewers could find in the files they had.")
    (block,) = read(pen)
    assert expected in block.text


@pytest.mark.parametrize(("known", "expected"), [("short-term plan", "short-term"), ("shortterm plan", "shortterm")])
def test_the_rest_of_the_document_decides_about_a_hyphen(known: str, expected: str) -> None:
    pen = Pen()
    pen.paragraph(f"The {known} was agreed.")
    pen.line("There was nothing that anybody could have called a plan other than a short-")
    pen.line("term one, which ended in the summer.")
    assert expected + " one" in texts(read(pen))[1]


def test_soft_hyphens_and_ligatures_and_spaces() -> None:
    pen = Pen()
    font = unicode_font()
    pen.line("The o\ufb03cer\u00a0had \ufb01led a\u2009\ufb02ag; the di\ufb00erence was clear to the safe\u00ad", font)
    pen.line("guarding lead, an inter\u00advention that nobody\u200b no\ufb01ced\u0007 at all then.", font)
    assert texts(read(pen)) == [
        "The officer had filed a flag; the difference was clear to the safeguarding lead, an intervention that nobody"
        " noficed at all then."
    ]


def test_sizes_that_text_recognition_guessed_line_by_line() -> None:
    pen = Pen()
    chance = random.Random(3)
    texts_in = [f"{NURSE} {POLICE}", f"{SCHOOL} Norfolk {HOUSING}", f"{POLICE} {NURSE}"]
    for text in texts_in:
        measure = Pen()
        for line in measure.paragraph(text):
            pen.at(LEFT, pen.y + chance.uniform(-0.5, 0.5), line, size=chance.uniform(9.3, 11.0))
            pen.y -= LEADING
        pen.gap()
    got = texts(read(pen))
    # Lines of uneven width may look like ends of paragraphs, but only where a sentence ends too.
    assert " ".join(got) == " ".join(texts_in)
    assert all(text.endswith(".") for text in got)


# Pages


def test_pages_that_differ_only_in_a_number() -> None:
    pen = Pen()
    for page in range(1, 6):
        pen.line(f"Slide {page}")
        if page < 5:
            pen.new_page()
    assert texts(read(pen)) == [f"Slide {page}" for page in range(1, 6)]


def test_a_sentence_goes_on_over_the_page() -> None:
    pen = Pen()
    filler(pen, 5)
    pen.line("The health visitor had asked for the file and was waiting for it to come from the office of")
    pen.new_page()
    pen.line("the county when the second call was made by the neighbour.")
    pen.gap()
    pen.paragraph(POLICE)
    blocks = read(pen)
    assert blocks[5:] == [
        Block(
            "The health visitor had asked for the file and was waiting for it to come from the office of the county"
            " when the second call was made by the neighbour.",
            "body",
            1,
        ),
        Block(POLICE, "body", 2),
    ]


def test_a_name_may_follow_the_page_break() -> None:
    pen = Pen()
    filler(pen, 5)
    pen.line("The health visitor had asked for the file and was waiting for it to come from the office of")
    pen.new_page()
    pen.line("Norfolk County Council when the second call was made by the neighbour.")
    assert "office of Norfolk County Council when" in texts(read(pen))[-1]


def test_a_new_page_begins_a_new_paragraph_after_a_full_stop() -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    pen.new_page()
    pen.paragraph(POLICE)
    assert read(pen) == [Block(NURSE, "body", 1), Block(POLICE, "body", 2)]


def official(pen: Pen, page: int) -> None:
    pen.at(LEFT, 810, "OFFICIAL - SENSITIVE", size=9)
    pen.at(400, 810, "Draft 3, 12 May 2025", size=9)
    pen.at(280, 30, f"Page {page} of 4", size=9)


def mirrored(pen: Pen, page: int) -> None:
    if page > 1:
        left = page % 2 == 0
        pen.at(LEFT if left else 350, 800, "Child J: a review" if left else "Kestrelshire Partnership")
        pen.at(LEFT if left else 510, 40, str(page))


def chapters(pen: Pen, page: int) -> None:
    names = ("Introduction", "The family", "The family", "Findings", "Findings", "Learning", "Appendix")
    pen.at(LEFT, 805, names[page - 1], size=10)
    pen.at(510, 805, str(page), size=10)


def stacked(pen: Pen, page: int) -> None:
    pen.at(LEFT, 815, "Kestrelshire Safeguarding Partnership")
    pen.at(LEFT, 801, "Confidential until published")
    pen.at(LEFT, 50, "This report must not be shared outside the panel.")
    pen.at(LEFT, 36, f"\u2013 {page} \u2013")


def roman(pen: Pen, page: int) -> None:
    pen.at(290, 40, ("i", "ii", "iii", "iv", "v", "vi", "vii")[page - 1])


def stamped(pen: Pen, page: int) -> None:
    pen.slanted("DRAFT")
    pen.at(200, 440, "DRAFT", BOLD, 48)
    pen.at(520, 36, f"{page + 4}", size=9)


@pytest.mark.parametrize(
    ("furniture", "pages"), [(official, 4), (mirrored, 7), (chapters, 7), (stacked, 5), (roman, 6), (stamped, 4)]
)
def test_running_headers_and_footers_are_left_out(furniture, pages: int) -> None:  # type: ignore[no-untyped-def]
    pen = Pen(furniture)
    expected = []
    for page in range(pages):
        expected += [(text, page + 1) for text in filler(pen, 5, seed=page)]
        if page < pages - 1:
            pen.new_page()
    blocks = read(pen)
    assert [(block.text, block.page) for block in blocks] == expected


def test_a_sentence_goes_on_behind_footer_note_and_header() -> None:
    pen = Pen(official)
    for page in range(4):
        filler(pen, 5, seed=page)
        pen.line(f"On page {page} the health visitor was still waiting for the file to come from the office of")
        pen.at(LEFT, 60, f"{page + 1} A note on {STORY[page].lower()[:40]}.", size=8)
        if page < 3:
            pen.new_page()
            pen.line("the county, which had closed for the summer.")
            pen.gap()
    blocks = read(pen)
    assert sum("office of the county, which had closed" in block.text for block in blocks) == 3
    assert [(block.text, block.page, block.number) for block in blocks if block.kind == "footnote"] == [
        (f"{page + 1} A note on {STORY[page].lower()[:40]}.", page + 1, str(page + 1)) for page in range(4)
    ]


def test_a_repeated_line_of_the_body_stays() -> None:
    pen = Pen()
    for page in range(8):
        if page in (1, 3, 4, 6):
            pen.paragraph("This was not good enough.")
        filler(pen, 5, seed=page)
        pen.paragraph("This was not good enough.")
        pen.paragraph(NURSE)
        if page < 7:
            pen.new_page()
    blocks = read(pen)
    assert texts(blocks).count("This was not good enough.") == 12
    assert texts(blocks).count(NURSE) == 8


def test_nothing_but_page_numbers_goes_from_a_short_document() -> None:
    pen = Pen(official)
    pen.paragraph(NURSE)
    pen.new_page()
    pen.paragraph(POLICE)
    got = texts(read(pen))
    assert got.count("OFFICIAL - SENSITIVE") == 2
    assert not any("of 4" in text for text in got)
    assert NURSE in got and POLICE in got


def test_a_bare_number_in_the_text_is_no_page_number() -> None:
    pen = Pen()
    filler(pen, 10)
    pen.line("The number of visits that were made to the family home in the twelve months before was put at")
    pen.line("12")
    assert texts(read(pen))[-1].endswith("before was put at 12")


# Columns


def two_columns(shift: float) -> Pen:
    pen = Pen()
    pen.line("What the agencies did", BOLD, 18)
    pen.gap()
    pen.paragraph("This summary was written for the board by the two reviewers and spans the whole page. " + HOUSING)
    pen.columns([f"{NURSE}\n{POLICE}", f"{SCHOOL}\n{HOUSING}"], shift=shift)
    pen.gap(20)
    pen.paragraph("The next part spans the whole page again and is longer than a column is wide. " + NURSE)
    return pen


@pytest.mark.parametrize("shift", [0.0, 3.0, 7.0])
def test_columns_are_read_one_after_the_other(shift: float) -> None:
    got = read(two_columns(shift))
    assert texts(got) == [
        "What the agencies did",
        "This summary was written for the board by the two reviewers and spans the whole page. " + HOUSING,
        NURSE,
        POLICE,
        SCHOOL,
        HOUSING,
        "The next part spans the whole page again and is longer than a column is wide. " + NURSE,
    ]
    assert [block.kind for block in got] == ["heading"] + ["body"] * 6


def test_a_sentence_goes_on_in_the_next_column() -> None:
    pen = Pen()
    words = f"{NURSE} {POLICE}".split()
    half = len(words) // 2 + 6
    pen.columns([" ".join(words[:half]), " ".join(words[half:])])
    assert texts(read(pen)) == [f"{NURSE} {POLICE}"]


def test_a_table_below_columns() -> None:
    pen = Pen()
    pen.columns([f"{NURSE}\n{POLICE}", f"{SCHOOL}\n{HOUSING}"])
    pen.gap(20)
    pen.table([["Agency", "Role in the case"], ["School nurse", "Saw the child in class twice a term"]], [120, 300])
    got = read(pen)
    assert texts(got) == [
        *STORY,
        "Agency",
        "Role in the case",
        "School nurse",
        "Saw the child in class twice a term",
    ]
    assert texts(got, "table_cell") == texts(got)[4:]


# Turned text


def test_a_turned_page_reads_like_any_other() -> None:
    pen = Pen(size=(842, 595))
    pen.canvas.setPageRotation(90)
    pen.canvas.translate(595 + 247, 0)
    pen.canvas.rotate(90)
    for text in STORY:
        pen.paragraph(text)
    assert texts(read(pen)) == list(STORY)


def test_text_at_an_angle_is_left_out_with_a_warning_when_it_is_long() -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    pen.slanted("Please note that this chart shows only those contacts that were recorded", 90, 10)
    blocks, warnings = read_pdf(pen.pdf(), LIMITS)
    assert texts(blocks) == [NURSE]
    assert warnings == ["page 1 holds text set at an angle, which was left out"]


# Numbers, lists, headings


def test_numbered_paragraphs() -> None:
    pen = Pen()
    pen.paragraph(NURSE, mark="4.11", first=LEFT, x=LEFT + 40)
    pen.paragraph(POLICE, mark="4.12", first=LEFT, x=LEFT + 40, gap=0)
    pen.paragraph("4.13 " + SCHOOL)
    pen.paragraph("4.14. " + HOUSING, gap=0)
    pen.paragraph("5.1.2 " + NURSE, gap=0)
    pen.paragraph(POLICE, mark="17", first=LEFT, x=LEFT + 40)
    assert read(pen) == [
        Block("4.11 " + NURSE, "body", 1, "4.11"),
        Block("4.12 " + POLICE, "body", 1, "4.12"),
        Block("4.13 " + SCHOOL, "body", 1, "4.13"),
        Block("4.14. " + HOUSING, "body", 1, "4.14."),
        Block("5.1.2 " + NURSE, "body", 1, "5.1.2"),
        Block("17 " + POLICE, "body", 1, "17"),
    ]


@pytest.mark.parametrize("rise", [-6.0, -3.0, 0.0, 3.0, 6.0])
def test_a_number_in_the_margin_a_little_off_its_line(rise: float) -> None:
    pen = Pen()
    for number, text in enumerate(STORY, start=1):
        pen.at(30, pen.y + rise, f"4.{number}")
        pen.paragraph(text, x=LEFT + 20)
    assert [(block.number, block.text) for block in read(pen)] == [
        (f"4.{number}", f"4.{number} {text}") for number, text in enumerate(STORY, start=1)
    ]


@pytest.mark.parametrize(
    "bullet",
    ["\u2022", "\u00b7", "\u25aa", "\u25cf", "\uf0b7", "\uf0a7", "\uf0d8", "o", "-", "\u2013", "\u25e6", "\u27a2"],
)
def test_bullets(bullet: str) -> None:
    pen = Pen()
    font = unicode_font()
    pen.paragraph("The review found that:", font=font)
    items = [
        "no minutes were kept of any of the core groups that met over that year",
        "two visits were missed",
        "the plan",
    ]
    for item in items:
        pen.paragraph(item, mark=bullet, first=LEFT + 18, x=LEFT + 36, font=font, gap=0)
    got = read(pen)
    assert got[1:] == [Block(f"\u2022 {item}", "list_item", 1) for item in items]


@pytest.mark.parametrize(
    "marks",
    [("(a)", "(b)", "(c)"), ("i)", "ii)", "iii)"), ("1.", "2.", "3."), ("(1)", "(2)", "(3)"), ("a.", "b.", "c.")],
)
def test_lettered_and_numbered_items(marks: tuple[str, ...]) -> None:
    pen = Pen()
    pen.paragraph("The panel recommends that the partnership:")
    items = [
        "Review the policy",
        "Train all of the staff who answer calls at the front door in the year to come",
        "Report",
    ]
    for mark, item in zip(marks, items, strict=True):
        pen.paragraph(item, mark=mark, first=LEFT + 18, x=LEFT + 40, gap=0)
    assert read(pen)[1:] == [
        Block(f"{mark} {item}", "list_item", 1, mark) for mark, item in zip(marks, items, strict=True)
    ]


def test_a_number_close_to_its_text() -> None:
    pen = Pen()
    for mark, text in zip(("9.", "10.", "4.12", "(b)"), STORY, strict=True):
        pen.paragraph(mark + text)
    assert [(block.number, block.text) for block in read(pen)] == [
        (mark, f"{mark} {text}") for mark, text in zip(("9.", "10.", "4.12", "(b)"), STORY, strict=True)
    ]


def test_a_dash_or_an_o_in_running_text_is_no_bullet() -> None:
    pen = Pen()
    pen.line("The panel heard from the school, from the practice and from the two hospital trusts")
    pen.line("- but not from the housing association - that the meeting was called by the team")
    pen.line("o behalf of the board, as the minutes put it.")
    (block,) = read(pen)
    assert block.kind == "body" and "trusts - but not" in block.text and "team o behalf" in block.text


def test_headings_and_their_levels() -> None:
    pen = Pen()
    pen.line("Serious Case Review: Child J", BOLD, 20)
    pen.gap()
    pen.line("1. Introduction", BOLD, 15)
    pen.paragraph(NURSE)
    pen.line("1.1 Why this review", BOLD, 11)
    pen.paragraph(POLICE)
    pen.line("The family", BOLD, 15)
    pen.paragraph(SCHOOL)
    pen.line("WHAT HAPPENED NEXT")
    pen.gap()
    pen.paragraph(HOUSING)
    pen.line("2.3 Contact with services")
    pen.gap()
    pen.paragraph(NURSE)
    headings = [(block.text, block.level, block.number) for block in read(pen) if block.kind == "heading"]
    assert [text for text, _, _ in headings] == [
        "Serious Case Review: Child J",
        "1. Introduction",
        "1.1 Why this review",
        "The family",
        "WHAT HAPPENED NEXT",
        "2.3 Contact with services",
    ]
    assert [number for _, _, number in headings] == [None, "1.", "1.1", None, None, "2.3"]
    assert [level for _, level, _ in headings[:4]] == [1, 1, 2, 2]


def test_a_heading_over_two_lines_is_one_and_a_bold_sentence_is_none() -> None:
    pen = Pen()
    pen.paragraph("Finding 4: what professionals knew of the father and of the risks that he posed", font=BOLD, size=15)
    pen.paragraph(NURSE)
    pen.paragraph("The child should have been seen alone.", font=BOLD)
    got = read(pen)
    assert [block.kind for block in got] == ["heading", "body", "body"]
    assert got[0].text == "Finding 4: what professionals knew of the father and of the risks that he posed"


@pytest.mark.parametrize("leader", ["." * 60, " ." * 40, "\u2026" * 20, None])
def test_contents(leader: str | None) -> None:
    pen = Pen()
    font = unicode_font()
    entries = [("1", "Introduction", 3), ("2", "The family", 5), ("2.1", "Before the birth", 6), ("3", "Findings", 12)]
    pen.line("Contents", BOLD, 16)
    for number, title, page in entries:
        if leader is None:
            pen.at(LEFT, pen.y, f"{number} {title}", font)
            pen.at(505, pen.y, str(page), font)
            pen.y -= LEADING
        else:
            pen.line(f"{number} {title} {leader} {page}", font, 9)
    pen.gap(20)
    pen.paragraph(NURSE, font=font, size=9)
    pen.paragraph(POLICE, font=font, size=9)
    assert [(b.text, b.kind, b.number) for b in read(pen)[1:5]] == [
        (f"{number} {title} {page}", "contents", number) for number, title, page in entries
    ]


def test_footnotes_and_their_references() -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    pen.reference(LEFT, "The pathway was not followed.", "12", " The worker then left, as the chronology")
    pen.line("shows, on the 1 May 2019.")
    pen.gap()
    pen.paragraph(POLICE)
    pen.canvas.line(LEFT, 112, 200, 112)
    pen.at(LEFT, 103, "12", size=5)
    pen.at(LEFT + 8, 100, "Working Together to Safeguard Children, as it stood at that time, page 40.", size=8)
    pen.at(LEFT, 90, "13", size=5)
    pen.at(LEFT + 8, 87, "The terms of reference are in the appendix; those of the earlier review were", size=8)
    pen.at(LEFT, 77, "never published.", size=8)
    assert read(pen) == [
        Block(NURSE, "body", 1),
        Block(
            "The pathway was not followed. The worker then left, as the chronology shows, on the 1 May 2019.", "body", 1
        ),
        Block(POLICE, "body", 1),
        Block("12 Working Together to Safeguard Children, as it stood at that time, page 40.", "footnote", 1, "12"),
        Block(
            "13 The terms of reference are in the appendix; those of the earlier review were never published.",
            "footnote",
            1,
            "13",
        ),
    ]


def test_a_footnote_goes_on_at_the_foot_of_the_next_page() -> None:
    pen = Pen()
    filler(pen, 4)
    pen.at(LEFT, 80, "1 The panel met four times in all, of which two meetings were held in the offices of the", size=8)
    pen.new_page()
    filler(pen, 4, seed=1)
    pen.at(LEFT, 90, "county council, and the others at the hospital.", size=8)
    pen.at(LEFT, 80, "2 Ibid.", size=8)
    assert [(block.text, block.page) for block in read(pen) if block.kind == "footnote"] == [
        (
            "1 The panel met four times in all, of which two meetings were held in the offices of the county council,"
            " and the others at the hospital.",
            1,
        ),
        ("2 Ibid.", 2),
    ]


def test_raised_letters_and_plain_digits_stay() -> None:
    pen = Pen()
    pen.reference(LEFT, "The visit took place on the 21", "st", " of May in flat B12 and was the third of three")
    pen.line("that year.")
    assert "on the 21st of May in flat B12 and" in texts(read(pen))[0]


def test_quotations_set_in_on_both_sides() -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    pen.paragraph(POLICE, x=LEFT + 45, right=RIGHT - 45)
    pen.paragraph(SCHOOL)
    assert [(block.text, block.kind) for block in read(pen)] == [(NURSE, "body"), (POLICE, "quote"), (SCHOOL, "body")]


# Tables

ROWS = [
    ["Date", "Agency", "What happened"],
    ["3 May", "Health visitor", "The visitor called at the flat but nobody came to the door and no card was left"],
    ["12 May", "Police and ambulance", "Officers were called by a neighbour; they saw both children awake"],
    ["1 June", "School", "Attendance meeting"],
]


@pytest.mark.parametrize("ruled", [True, False])
def test_tables(ruled: bool) -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    pen.table(ROWS, [60, 110, 240], ruled=ruled)
    pen.paragraph(POLICE)
    got = read(pen)
    assert texts(got) == [NURSE, *(cell for row in ROWS for cell in row), POLICE]
    assert texts(got, "table_cell") == [cell for row in ROWS for cell in row]


def test_a_table_whose_rules_are_one_drawing() -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    words = [["Nurse", "saw the child and", "rang"], ["Police", "were called and left", "wrote"]]
    grid = pen.canvas.beginPath()
    for row, cells in enumerate(words):
        for column, cell in enumerate(cells):
            pen.at(76 + 62 * column, 600 - 40 * row, cell, size=6)
    for row in range(3):
        grid.moveTo(72, 620 - 40 * row)
        grid.lineTo(258, 620 - 40 * row)
    for column in range(4):
        grid.moveTo(72 + 62 * column, 620)
        grid.lineTo(72 + 62 * column, 540)
    pen.canvas.drawPath(grid)
    assert texts(read(pen)) == [NURSE, *words[0], *words[1]]


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    pen = Pen()
    top = pen.y + 14
    pen.paragraph(NURSE)
    pen.canvas.rect(LEFT - 6, pen.y + 12, RIGHT - LEFT + 12, top - pen.y - 12)
    pen.gap(10)
    pen.paragraph(POLICE)
    assert read(pen) == [Block(NURSE, "body", 1), Block(POLICE, "body", 1)]


def test_a_cell_goes_on_over_the_page() -> None:
    pen = Pen()
    filler(pen, 6)
    pen.table([["May", "The visitor called at the flat twice but nobody came to the"]], [60, 160])
    pen.new_page()
    pen.table([["", "door and no card was left."], ["June", "Nothing."]], [60, 160])
    assert texts(read(pen), "table_cell") == [
        "May",
        "The visitor called at the flat twice but nobody came to the door and no card was left.",
        "June",
        "Nothing.",
    ]


def test_a_table_within_a_column() -> None:
    pen = Pen()
    pen.paragraph(HOUSING)
    top = pen.y
    pen.table(
        [["Date", "Event"], ["May", "The visitor called twice at the flat"], ["June", "Nothing"]],
        [45, 150],
        ruled=False,
    )
    pen.paragraph(NURSE, right=285)
    pen.y = top - 3
    pen.paragraph(POLICE, x=310)
    pen.paragraph(SCHOOL, x=310)
    cells = ["Date", "Event", "May", "The visitor called twice at the flat", "June", "Nothing"]
    got = read(pen)
    assert texts(got) == [HOUSING, *cells, NURSE, POLICE, SCHOOL]
    assert texts(got, "table_cell") == cells


def test_a_row_without_rules_goes_on_over_the_page() -> None:
    pen = Pen()
    filler(pen, 6)
    pen.table([["Date", "Event"], ["3 May", "A neighbour rang to say that she had seen the"]], [60, 130], ruled=False)
    pen.new_page()
    pen.paragraph(
        "Smith children in the yard at night, all four of them, and had not slept since.", x=136, right=258, gap=4
    )
    pen.table([["12 May", "Nobody rang her back"], ["1 June", "She rang again"]], [60, 130], ruled=False)
    pen.paragraph(NURSE)
    assert texts(read(pen))[6:] == [
        "Date",
        "Event",
        "3 May",
        "A neighbour rang to say that she had seen the Smith children in the yard at night, all four of them, and had"
        " not slept since.",
        "12 May",
        "Nobody rang her back",
        "1 June",
        "She rang again",
        NURSE,
    ]


def test_words_far_apart_on_one_line_are_two_texts() -> None:
    pen = Pen()
    pen.at(LEFT, pen.y, "Author: A. N. Other")
    pen.at(400, pen.y, "Version: 3")
    pen.gap(30)
    pen.paragraph(NURSE)
    assert texts(read(pen)) == ["Author: A. N. Other", "Version: 3", NURSE]


# What cannot be read


def test_a_scan() -> None:
    pen = Pen()
    for page in range(3):
        pen.picture()
        if page < 2:
            pen.new_page()
    caught = error(pen.pdf())
    assert "scan" in caught.reason and "OCRmyPDF" in str(caught.remedy)


def test_a_scan_with_page_numbers() -> None:
    pen = Pen(lambda pen, page: pen.at(300, 30, f"Page {page}"))
    pen.picture()
    pen.new_page()
    pen.picture()
    assert "pictures of pages" in error(pen.pdf()).reason


def test_a_scan_with_a_stamp_on_each_page() -> None:
    pen = Pen(lambda pen, page: pen.at(60, 815, f"OFFICIAL - SENSITIVE: Child J bundle, copy for counsel, page {page}"))
    for page in range(5):
        pen.picture()
        if page < 4:
            pen.new_page()
    assert "pictures of pages" in error(pen.pdf()).reason


def test_some_pages_without_text() -> None:
    pen = Pen()
    for page in range(1, 9):
        if page in (2, 4, 5, 6):
            pen.picture()
        elif page != 8:  # an empty page is nothing to speak of
            pen.paragraph(f"{page}{page} " + NURSE)
        if page < 8:
            pen.new_page()
    blocks, warnings = read_pdf(pen.pdf(), LIMITS)
    assert [block.page for block in blocks] == [1, 3, 7]
    assert warnings == ["pages 2, 4-6 hold no text, only pictures; what they say is not checked"]


def test_a_password() -> None:
    pen = Pen(encrypt=StandardEncryption("secret", canPrint=0))
    pen.paragraph(NURSE)
    assert "password" in error(pen.pdf()).reason


def test_encryption_without_a_password_to_open_is_no_hindrance() -> None:
    pen = Pen(encrypt=StandardEncryption("", ownerPassword="owner", canCopy=0))
    pen.paragraph(NURSE)
    assert texts(read(pen)) == [NURSE]


def test_cut_off_files() -> None:
    pen = Pen()
    filler(pen, 20)
    data = pen.pdf()
    for share in (0.1, 0.5, 0.9, 0.99):
        error(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a PDF"),
        (b"Dear all, please find attached", "not a PDF"),
        (b"PK\x03\x04" + b"\0" * 200, "ZIP archive"),
        (b"%PDF-1.7\n" + b"\xff" * 500 + b"\nstartxref\n0\n%%EOF", "broken"),
        (raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"), ""),
    ],
)
def test_files_that_are_no_pdf(data: bytes, reason: str) -> None:
    assert reason in error(data).reason


def test_empty_pages_only() -> None:
    pen = Pen()
    pen.new_page()
    assert "no text" in error(pen.pdf()).reason


def test_limits() -> None:
    pen = Pen()
    for text in STORY:
        pen.paragraph(text)
        pen.new_page()
    pen.paragraph(NURSE)
    data = pen.pdf()
    assert "5 pages" in error(data, Limits(pages=4)).reason
    assert "characters" in error(data, Limits(text_chars=500)).reason
    assert read_pdf(data, Limits(pages=5, text_chars=2_000))[0]


def test_letters_without_a_meaning() -> None:
    pen = Pen()
    for text in STORY:
        pen.paragraph("".join(chr(0xE000 + ord(char)) if char != " " else " " for char in text), font=unicode_font())
    caught = error(pen.pdf())
    assert "fonts" in caught.reason and "Word" in str(caught.remedy)


def test_a_form_and_letters_beyond_sixteen_bits() -> None:
    pen = Pen()
    pen.paragraph(NURSE)
    pen.line("A mathematical \U0001d400 and a smile \U0001f600 at the end.", unicode_font())
    pen.canvas.acroForm.textfield(name="name", x=72, y=300, width=100, height=20)
    blocks, warnings = read_pdf(pen.pdf(), LIMITS)
    assert texts(blocks)[0] == NURSE and texts(blocks)[1].endswith("at the end.")
    assert warnings == ["this PDF is a form; what was typed into its fields is not read"]


def test_letters_that_come_out_as_signs() -> None:
    pen = Pen()
    for text in STORY:
        pen.paragraph("".join(chr(33 + ord(char) % 14) if char != " " else " " for char in text))
    assert "fonts" in error(pen.pdf()).reason


@pytest.mark.parametrize("size", [0.01, 0.3, 60.0])
def test_absurd_type_sizes(size: float) -> None:
    pen = Pen()
    pen.at(10, 400, "Small print", size=size)
    assert "".join(texts(read(pen))).replace(" ", "") == "Smallprint"


def test_long_runs_of_one_sign_take_no_time() -> None:
    pen = Pen()
    for sign in '.-_o("1|':
        pen.line(sign * 20_000, size=0.1)
        pen.line(f"{sign} " * 2_000, size=0.1)
    pen.line("a" * 20_000 + "-", size=0.1)
    pen.line("b" * 20_000, size=0.1)
    filler(pen)
    started = time.process_time()
    assert read(pen)
    assert time.process_time() - started < 10


def test_pages_in_a_loop_and_other_nonsense() -> None:
    error(raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"))
    error(raw_pdf(b"<< /Type /Catalog /Pages 1 0 R >>"))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 0] /Contents 4 0 R >>"
    stream = b"<< /Length 30 >>\nstream\nBT /F1 12 Tf (no font) Tj ET   \nendstream"
    data = raw_pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream)
    assert texts(read_pdf(data, LIMITS)[0]) == ["no font"]


def test_a_number_longer_than_python_reads() -> None:
    said = ["The nurse rang.", "Nobody came to the door.", "A plan was made in May.", "The school had asked twice."]
    pen = Pen(lambda pen, page: pen.at(300, 30, f"Page {page}"))
    for number, sentence in enumerate(said):
        if number:
            pen.new_page()
        pen.line("7" * 5_000 + str(number), size=0.15)
        pen.gap(30)
        pen.paragraph(sentence)
    found = texts(read_pdf(pen.pdf(), LIMITS)[0])
    assert [text for text in found if text in said] == said


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_files_raise_nothing_but_input_errors(data: st.DataObject) -> None:
    raw = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 30))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        blocks, _ = read_pdf(bytes(raw), LIMITS)
    except InputError:
        return
    assert all(block.kind in KINDS and block.text for block in blocks)


def _sample() -> bytes:
    pen = two_columns(0)
    pen.new_page()
    pen.table(ROWS, [60, 110, 240])
    return pen.pdf()


SAMPLE = _sample()

WORD = st.text(st.characters(codec="latin-1", categories=["Ll"]), min_size=1, max_size=9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(WORD, min_size=1, max_size=60), min_size=1, max_size=6))
def test_no_word_is_lost_or_moved(paragraphs: list[list[str]]) -> None:
    pen = Pen()
    sentences = [" ".join(["Then", *words]) + "." for words in paragraphs]
    for sentence in sentences:
        pen.paragraph(sentence)
    words = " ".join(block.text for block in read(pen)).split()
    assert words == " ".join(sentences).split()


def test_it_is_deterministic_and_all_pages_have_numbers() -> None:
    first, second = (read_pdf(SAMPLE, LIMITS) for _ in range(2))
    assert first == second
    assert all(block.page in (1, 2) and re.search(r"\w", block.text) for block in first[0])
    assert BOTTOM < TOP
