"""A few of the damaged and hostile files; `python -m tests.fuzz.mutated` reads thousands."""

from __future__ import annotations

import time

import scr_tone
from scr_tone.errors import InputError
from scr_tone.reading import Limits
from scr_tone.reading.docx import read_docx
from scr_tone.reading.pdf import read_pdf
from tests.fuzz.mutated import BAD, outcome_of
from tests.fuzz.mutations import CHANGES, mutants

EACH = 2
COUNT = EACH * sum(map(len, CHANGES.values()))


def test_damaged_files_give_blocks_or_a_reason() -> None:
    """In this process, so that a surprise has a traceback; in the product a child makes a message of it."""
    read = 0
    for mutant in mutants(COUNT, 1, large=False):
        began = time.process_time()
        try:
            blocks, _ = (read_pdf if mutant.level == "PDF" else read_docx)(mutant.data, Limits())
        except InputError as error:
            assert error.remedy and "\n" not in str(error), mutant[:3]
        else:
            read += 1
            assert all(block.text.strip() for block in blocks), mutant[:3]
        assert time.process_time() - began < 10, mutant[:3]
    assert COUNT // 5 < read < COUNT  # the damage is neither total nor none


def test_some_of_them_as_a_user_reads_them(tone: scr_tone.ToneAnalyser) -> None:
    for mutant in list(mutants(COUNT, 2, large=False))[:: COUNT // 4]:
        assert outcome_of(mutant, tone)[0] not in BAD, mutant[:3]


def test_they_are_the_same_for_the_same_seed() -> None:
    some, again, other = (list(mutants(COUNT // EACH, seed, large=False)) for seed in (3, 3, 4))
    assert some == again != other
