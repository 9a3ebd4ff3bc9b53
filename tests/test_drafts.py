"""Alignment of two drafts, without labels: a golden pair of drafts, properties, and what large and hostile texts cost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scr_tone.drafts.alignment import Group, Unit, align
from scr_tone.drafts.sections import pair_sections
from scr_tone.drafts.wording import changes, key, words

GOLDEN = Path(__file__).parent / "golden" / "drafts.txt"
Groups = set[tuple[tuple[int, ...], tuple[int, ...]]]


def units(*texts: str) -> list[Unit]:
    return [Unit(key(words(text)) or text, words(text)) for text in texts]


def golden() -> tuple[list[Unit], list[Unit], Groups]:
    """Both drafts, and which sentences belong together; the form is described at the head of the file."""
    sides: tuple[list[Unit], list[Unit]] = ([], [])
    groups: Groups = set()
    tagged: dict[str, tuple[list[int], list[int]]] = {}
    for block in GOLDEN.read_text(encoding="utf-8").split("\n\n"):
        here: tuple[list[int], list[int]] = ([], [])
        tag = ""
        for line in filter(None, block.splitlines()):
            if line.startswith("# "):
                continue
            tag, _, rest = line.rpartition("| ") if line[1:3] == "| " else (tag, "", line)
            mark, text = rest.split(" ", 1)
            for side, marks in enumerate((("##", "=", "-", "-##"), ("##", "=", "+", "+##"))):
                if mark in marks:
                    here[side].append(len(sides[side]))
                    sides[side].append(units(text)[0]._replace(apart="#" in mark))
        if tag:
            for kept, found in zip(tagged.setdefault(tag, ([], [])), here, strict=True):
                kept.extend(found)
        elif here[0] or here[1]:
            groups.add((tuple(here[0]), tuple(here[1])))
    return *sides, groups | {(tuple(old), tuple(new)) for old, new in tagged.values()}


def shape(groups: list[Group]) -> Groups:
    return {(group.old, group.new) for group in groups}


def test_the_golden_drafts_are_aligned_as_a_person_would() -> None:
    old, new, wanted = golden()
    found = align(old, new)
    assert shape(found) == wanted
    assert sum(group.moved for group in found) == 2  # the two that are tagged in the file


def test_the_golden_drafts_the_other_way_round() -> None:
    """What is cut one way is joined the other way; a few heavy rewordings may come out otherwise."""
    old, new, wanted = golden()
    found = {(group.new, group.old) for group in align(new, old)}
    assert len(found & wanted) >= len(wanted) - 4


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (["It rained.", "She rang."], ["It rained.", "She rang."], {((0,), (0,)), ((1,), (1,))}),
        ([], ["It rained."], {((), (0,))}),
        (["It rained."], [], {((0,), ())}),
        ([], [], set()),
        # Repeats stay with their place in the order.
        (
            ["None.", "The plan was shared with the school.", "None."],
            ["None.", "None.", "The plan was shared with the school.", "None."],
            {((), (0,)), ((0,), (1,)), ((1,), (2,)), ((2,), (3,))},
        ),
        # One of two like sentences was edited: the other keeps its own.
        (
            ["The school wrote to the GP on 3 May.", "The school wrote to the GP on 9 May."],
            ["The school wrote to the GP on 9 May.", "The school wrote to the GP on 12 May."],
            {((0,), (1,)), ((1,), (0,))},
        ),
        # A sentence in three, and three in one.
        (
            ["Nobody rang the school, nobody wrote to the surgery, and nobody called at the house."],
            ["Nobody rang the school.", "Nobody wrote to the surgery.", "Nobody called at the house."],
            {((0,), (0, 1, 2))},
        ),
        (
            ["Nobody rang the school.", "Nobody wrote to the surgery.", "Nobody called at the house."],
            ["Nobody rang the school, nobody wrote to the surgery, and nobody called at the house."],
            {((0, 1, 2), (0,))},
        ),
        # What was added behind an edited sentence is new, not a part of it.
        (
            ["HV2 failed to ask about alcohol."],
            ["HV2 did not ask about alcohol.", "Her caseload was twice the recommended size."],
            {((0,), (0,)), ((), (1,))},
        ),
        # Nothing in common, in the same place: one went, another came.
        (["The IRO was lazy."], ["Minutes were circulated within five days."], {((0,), ()), ((), (0,))}),
    ],
)
def test_cases(old: list[str], new: list[str], wanted: Groups) -> None:
    found = shape(align(units(*old), units(*new)))
    if len(old) == 2 and "9 May" in old[1]:  # either 3 May became 12 May, or it went and 12 May is new
        assert ((1,), (0,)) in found
    elif old and old[0] == "None.":
        assert ((1,), (2,)) in found
        assert len(found) == 4
    else:
        assert found == wanted


def test_a_block_that_moves_is_moved_and_nothing_else() -> None:
    body = [f"Sentence number {name} of the long part stands here." for name in "abcdefgh"]
    block = [f"Paragraph {name} about something else." for name in "xyz"]
    groups = align(units(*block, *body), units(*body, *block))
    assert [group.old[0] for group in groups if group.moved] == [0, 1, 2]


def test_a_moved_and_edited_sentence_is_found() -> None:
    rest = [f"The panel met on {day} May and agreed its timetable." for day in range(1, 9)]
    said = "The duty worker at the emergency team had no access to the hospital's record that night."
    edited = "The duty worker at the emergency team had no access to the record of the hospital that night."
    (moved,) = [group for group in align(units(said, *rest), units(*rest, edited)) if group.moved]
    assert (moved.old, moved.new) == ((0,), (8,))
    assert 0.8 < moved.likeness < 1


sentences = st.lists(st.text("ab c.", min_size=1, max_size=12), max_size=12)


@given(sentences, sentences)
@settings(max_examples=150, deadline=None)
def test_every_sentence_is_in_one_group_and_the_result_is_always_the_same(old: list[str], new: list[str]) -> None:
    groups = align(units(*old), units(*new))
    assert sorted(i for group in groups for i in group.old) == list(range(len(old)))
    assert sorted(j for group in groups for j in group.new) == list(range(len(new)))
    assert all(len(group.old) <= 1 or len(group.new) <= 1 for group in groups)
    assert all(group.old == tuple(sorted(group.old)) and group.new == tuple(sorted(group.new)) for group in groups)
    assert groups == align(units(*old), units(*new))
    firsts = [group.new[0] for group in groups if group.new]
    assert firsts == sorted(firsts)


@given(sentences)
@settings(max_examples=60, deadline=None)
def test_a_draft_is_unchanged_beside_itself(draft: list[str]) -> None:
    assert align(units(*draft), units(*draft)) == [Group((i,), (i,), 1.0) for i in range(len(draft))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4.12 The nurse rang.", "4.13 The nurse rang."),
        ("(b) The nurse rang.", "(c) The nurse rang."),
        ("The \u201cplan\u201d \u2013 agreed \u2013 was shared.", 'The "plan" - agreed - was shared.'),
        ("Co-operation ended.", "Cooperation ended."),
        ("The Social  Worker\u00a0rang.", "The social worker rang."),
        ("As paragraph 4.12 says, she rang.", "As paragraph 4.14 says, she rang."),
        ("The of\ufb01cer rang.", "The officer rang."),
    ],
)
def test_typography_makes_no_edit(one: str, other: str) -> None:
    assert key(words(one)) == key(words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 visits were made.", "4 visits were made."),
        ("2.5 mg was given.", "4.5 mg was given."),
        ("Was she told?", "Was she told."),
        ("He was seen at 10.30.", "He was seen at 10.50."),
        ("Recommendation 3 was met.", "Recommendation 4 was met."),
        ("She could.", "She couldn't."),
    ],
)
def test_what_makes_an_edit(one: str, other: str) -> None:
    assert key(words(one)) != key(words(other))


def test_changes_are_shown_in_whole_words() -> None:
    shown = "".join(
        {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}[piece.op].format(piece.text)
        for piece in changes("The midwife failed to record this.", "The midwife did not record this, as no form asked.")
    )
    assert shown == "The midwife [-failed to-]{+did not+} record this{+, as no form asked+}."


@given(st.text("ab c.'-", max_size=40), st.text("ab c.'-", max_size=40))
@settings(max_examples=200, deadline=None)
def test_changes_hold_both_wordings(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert "".join(piece.text for piece in pieces if piece.op != "delete") == new
    mine = "".join(piece.text for piece in pieces if piece.op != "insert")
    assert mine.split() == old.split() or "".join(mine.split()) == "".join(old.split())
    assert all(piece.text for piece in pieces)


def test_sections_are_paired_by_what_stands_in_them() -> None:
    assert pair_sections([None, "3 Analysis", "4 Analysis"], [None, "4 Analysis", "5 Analysis"], [
        ("3 Analysis", "4 Analysis", 30), ("4 Analysis", "5 Analysis", 30)
    ]) == {None: None, "3 Analysis": "4 Analysis", "4 Analysis": "5 Analysis"}  # fmt: skip
    assert pair_sections(["Aims"], ["Findings"], []) == {}


def draft(rng: random.Random, sentences: int) -> list[str]:
    """A text of about 21 words a sentence, with the common words common and the rare ones rare."""
    parts = ("ba", "de", "ko", "mi", "su", "lan", "ter", "pol", "gar", "fen", "wi", "cho")
    vocabulary = [a + b + c for a in parts for b in parts for c in parts]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    return [
        " ".join(rng.choices(vocabulary, weights, k=rng.randint(8, 34))).capitalize() + "." for _ in range(sentences)
    ]


def reworded(rng: random.Random, text: str) -> str:
    spare = draft(rng, 1)[0].split()
    kept = [rng.choice(spare) if rng.random() < 0.2 else word for word in text.split() if rng.random() > 0.1]
    return " ".join(kept) or text


@pytest.mark.parametrize("kind", ["some edited", "all edited", "nothing in common", "in another order"])
def test_25_000_words_take_a_few_seconds(kind: str) -> None:
    rng = random.Random(7)
    old = draft(rng, 1200)
    assert sum(len(text.split()) for text in old) > 24_000
    new = {
        "some edited": [reworded(rng, text) if rng.random() < 0.3 else text for text in old],
        "all edited": [reworded(rng, text) for text in old],
        "nothing in common": draft(random.Random(8), 1200),
        "in another order": rng.sample([reworded(rng, text) for text in old], len(old)),
    }[kind]
    old_units, new_units = units(*old), units(*new)
    start = time.process_time()
    groups = align(old_units, new_units)
    assert time.process_time() - start < 10  # about 1
    if kind.endswith("edited"):
        right = sum(group.old == group.new for group in groups)
        assert right > 0.97 * len(old)


def test_thousands_of_cells_that_say_the_same_cost_little() -> None:
    old, new = units(*["All"] * 3000, *["None"] * 3000), units(*["None"] * 3000, *["All"] * 2999)
    start = time.process_time()
    groups = align(old, new)
    assert time.process_time() - start < 10
    assert sum(not group.new for group in groups) == 1
