"""Thresholds that are learned from decisions: what they reach, what they cost, and what is said where there is too little."""

from __future__ import annotations

import math
import random
import tomllib
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from scr_tone.cli import main
from scr_tone.decisions import Decision, record_decisions
from scr_tone.project_file import read_project
from scr_tone.thresholds import Tally, learn

MODEL = "0123456789abcdef" * 4


def flags(draw: random.Random, count: int, right) -> list[tuple[float, bool]]:
    """Decisions on flags with scores from 0.35 to 1, right with the chance `right(score)`."""
    scores = [draw.uniform(0.35, 1) for _ in range(count)]
    return [(score, draw.random() < right(score)) for score in scores]


# ---- learning ----


def test_the_threshold_parts_the_wrong_from_the_right() -> None:
    learned = learn([(0.5 + at / 100, at > 15) for at in range(40)])
    assert learned.threshold == 0.625
    assert learned.before == Tally(40, 24)
    assert learned.after == Tally(27, 24)
    assert 20 <= learned.unseen.flags <= 30


def test_none_is_needed_where_flags_are_right_often_enough() -> None:
    learned = learn([(0.9, True)] * 16 + [(0.4, False)] * 4)
    assert learned.threshold == 0
    assert learned.after == learned.before == Tally(20, 16)


def test_a_few_right_ones_at_the_top_are_not_trusted() -> None:
    learned = learn([(0.9 + at / 100, True) for at in range(5)] + [(0.5 + at / 100, False) for at in range(30)])
    assert learned.threshold is None
    assert learned.after.flags == 0
    # As many more as are said to be missing are enough.
    more = [(0.99, True)] * learned.missing
    assert learn([(0.9 + at / 100, True) for at in range(5)] + [(0.5, False)] * 30 + more).threshold is not None


def test_flags_with_the_same_score_stand_or_fall_together() -> None:
    learned = learn([(0.9, True)] * 30 + [(0.9, False)] * 2 + [(0.5, False)] * 30)
    assert learned.threshold == 0.7
    assert learned.after == Tally(32, 30)


def test_no_decisions_and_close_scores() -> None:
    assert learn([]).threshold is None
    learned = learn([(0.90001, True)] * 40 + [(0.90000, False)] * 40)
    assert learned.threshold is not None
    assert 0.9 < learned.threshold <= 0.90001
    assert learned.after == Tally(40, 40)


def test_a_threshold_has_three_digits_where_those_part_the_scores() -> None:
    assert learn([(0.71239, True)] * 40 + [(0.61234, False)] * 40).threshold == 0.662
    assert learn([(0.7124, True)] * 40 + [(0.7122, False)] * 40).threshold == (0.7124 + 0.7122) / 2
    assert learn([(0.7126, True)] * 40 + [(0.7114, False)] * 40).threshold == 0.712


def test_what_to_expect_is_counted_on_decisions_that_had_no_part_in_it() -> None:
    decided = sorted(flags(random.Random(7), 50, lambda score: score), reverse=True)
    kept = []
    for part in range(20):
        learned = learn([one for at, one in enumerate(decided) if at % 20 != part]).threshold
        kept += [one for one in decided[part::20] if learned is not None and one[0] >= learned]
    found = learn(decided)
    assert found.unseen == Tally(len(kept), sum(right for _, right in kept))
    assert found.unseen != found.after  # as it would be if they had


@pytest.mark.parametrize(
    ("right", "wrong", "missing"),
    # By hand, with the share of right ones at the weight of ten: (n + 10 share) / (n + 10) = 0.8, and so on.
    [(0, 10, 40), (5, 30, 28), (0, 1, 40), (20, 20, 0)],
)
def test_how_many_more_right_ones_it_takes(right: int, wrong: int, missing: int) -> None:
    assert learn([(0.9, True)] * right + [(0.5, False)] * wrong).missing == missing


def test_a_tally_of_nothing_says_nothing() -> None:
    assert Tally(0, 0).interval == (0.0, 1.0)
    assert math.isnan(Tally(0, 0).precision)
    low, high = Tally(4, 4).interval
    assert (low, high) == pytest.approx((0.5101, 1), abs=1e-4)
    assert Tally(4, 0).interval == pytest.approx((0, 1 - low))
    with pytest.raises(FrozenInstanceError):
        learn([]).threshold = 0.5  # type: ignore[misc]


@pytest.mark.parametrize(("count", "slack"), [(80, 0.07), (300, 0.04)])
def test_it_reaches_what_is_asked_for_on_flags_to_come(count: int, slack: float) -> None:
    draw = random.Random(5)
    reached, told = [], []
    for _ in range(60):
        learned = learn(flags(draw, count, lambda score: score))
        if learned.threshold is None:
            continue
        truth = [score for score in (0.35 + 0.65 * at / 500 for at in range(501)) if score >= learned.threshold]
        reached.append(sum(truth) / len(truth))
        told.append(learned.unseen.precision)
    assert len(reached) >= 45
    mean = sum(reached) / len(reached)
    assert abs(mean - 0.8) < slack
    assert abs(sum(told) / len(told) - mean) < slack  # what it says of flags to come is so


def test_where_scores_say_nothing_it_learns_nothing() -> None:
    draw = random.Random(6)
    learned = [learn(flags(draw, 60, lambda score: 0.5)).threshold for _ in range(100)]
    assert sum(threshold is not None for threshold in learned) <= 3


# ---- the command ----


def write(path: Path, decided: list[tuple[float, bool]], label: str = "blame", model: str = MODEL) -> Path:
    seen = len(path.read_text().splitlines()) if path.exists() else 0
    kinds = ("helpful", "intended")
    record_decisions(
        path,
        [
            Decision(f"{seen + at:012x}", kinds[at % 2] if right else "wrong", label, round(score, 6), model)  # type: ignore[arg-type]
            for at, (score, right) in enumerate(decided)
        ],
    )
    return path


@pytest.fixture
def decided(tmp_path: Path) -> Path:
    return write(tmp_path / "d.tone.json", [(0.5 + at / 100, at > 15) for at in range(40)])


def test_it_says_what_it_learned(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", str(decided)]) == 0
    out = capsys.readouterr().out
    assert "40 decisions: 12 helpful, 12 intended, 16 wrong" in out
    assert "blame: 24 of 40 flags right, 60% (95% interval 45% to 74%) now" in out
    assert "threshold 0.625: 24 of 27 flags right, 89% (95% interval 72% to 96%); 0 right flags are lost" in out
    assert "left out of the learning in turn: " in out
    assert tomllib.loads(out[out.index("[flags]") :]) == {"flags": {"model": MODEL[:16], "threshold": {"blame": 0.625}}}
    assert [path.name for path in decided.parent.iterdir()] == [decided.name]


def test_it_writes_a_new_file_that_check_reads(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = decided.parent / "scr-tone.toml"
    assert main(["calibrate", str(decided), "-o", str(target)]) == 0
    settings = read_project(target).flags
    assert (settings.threshold, settings.model) == ({"blame": 0.625}, MODEL[:16])
    assert main(["calibrate", str(decided), "-o", str(target)]) == 0
    assert "nothing to change" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("# ours\n[skip]\nquotes = true  # theirs\n", {}),
        ("# ours\n[skip]\nquotes = true  # theirs\n[flags]\nlabels = ['blame'] # few\nthreshold.blame = 0.3\n", {}),
        ("# ours\n[flags.threshold]\nlearning = 0.4\n[skip]\nquotes = true  # theirs\n", {"learning": 0.4}),
        (
            "# ours\n[flags]\nthreshold = 0.4\n[skip]\nquotes = true  # theirs\n",
            {"learning": 0.4, "accountability": 0.4},
        ),
        ("# ours\nflags = {threshold = {blame = 0.1}}\n[skip]\nquotes = true  # theirs\n", {}),
        (f"# ours\n[skip]\nquotes = true  # theirs\n[flags]\nmodel = '{'f' * 16}'\nthreshold.learning = 0.4\n", {}),
    ],
)
def test_it_changes_only_the_thresholds_of_a_file(decided: Path, before: str, kept: dict[str, float]) -> None:
    target = decided.parent / "scr-tone.toml"
    target.write_text(before, encoding="utf-8")
    old = read_project(target)
    assert main(["calibrate", str(decided), "-o", str(target)]) == 0
    text, new = target.read_text(encoding="utf-8"), read_project(target)
    assert "# ours" in text
    assert "# theirs" in text
    assert new.flags.threshold == kept | {"blame": 0.625}
    assert new.flags.model == MODEL[:16]
    assert (new.skip, new.flags.labels) == (old.skip, old.flags.labels)


def test_too_few_decisions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = write(tmp_path / "d.tone.json", [(0.9, True)] * 7 + [(0.5, False)] * 3)
    target = tmp_path / "scr-tone.toml"
    assert main(["calibrate", str(few), "-o", str(target)]) == 3
    out, err = capsys.readouterr()
    assert "blame: 10 decisions, and it takes 20; nothing learned" in out
    assert "10 decisions on one label are too few; decide on at least 20 flags" in err
    assert not target.exists()
    assert main(["calibrate", str(few), "--least", "10"]) == 0


def test_a_threshold_in_use_is_not_thrown_away_below_what_was_decided(tmp_path: Path) -> None:
    """Where only flags above it were decided on, and they are right, nothing says what lies below."""
    good = write(tmp_path / "d.tone.json", [(0.7 + at / 100, True) for at in range(25)])
    target = tmp_path / "scr-tone.toml"
    target.write_text("[flags]\nthreshold.blame = 0.65", encoding="utf-8")
    assert main(["calibrate", str(good), "-o", str(target)]) == 0
    assert read_project(target).flags.threshold == {"blame": 0.65}
    target.write_text("[flags]\nthreshold.blame = 0.9", encoding="utf-8")
    assert main(["calibrate", str(good), "-o", str(target)]) == 0
    assert read_project(target).flags.threshold == {"blame": 0.7}


def test_where_no_threshold_reaches_it_the_file_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = write(tmp_path / "d.tone.json", [(0.5 + at / 100, at % 2 == 0) for at in range(40)])
    target = tmp_path / "scr-tone.toml"
    target.write_text("[flags]\nthreshold.blame = 0.4", encoding="utf-8")
    assert main(["calibrate", str(bad), "-o", str(target)]) == 0
    out = capsys.readouterr().out
    assert "no threshold reaches 80%; it would take about" in out
    assert "nothing to change" in out
    assert target.read_text(encoding="utf-8") == "[flags]\nthreshold.blame = 0.4"


def test_decisions_of_another_model_are_left_out(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = write(decided.parent / "e.tone.json", [(0.1, True)] * 30, model="f" * 64)
    assert main(["calibrate", str(decided), str(other)]) == 0
    out, err = capsys.readouterr()
    assert "note: 30 decisions were made with another model than 0123456789abcdef and are left out" in err
    assert "threshold 0.625" in out


def test_labels_are_learned_apart(decided: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(decided, [(0.9, True)] * 20 + [(0.6, False)] * 20, "learning")
    assert main(["calibrate", str(decided)]) == 0
    out = capsys.readouterr().out
    assert "learning: 20 of 40 flags right" in out
    assert tomllib.loads(out[out.index("[flags]") :])["flags"]["threshold"] == {"blame": 0.625, "learning": 0.75}


@pytest.mark.parametrize(
    "bad", [("--precision", "1.2"), ("--precision", "x"), ("--least", "0"), ("-o", "no/such/f.toml")]
)
def test_options_that_make_no_sense(decided: Path, bad: tuple[str, str]) -> None:
    assert main(["calibrate", str(decided), *bad]) == 2


def test_a_settings_file_that_is_wrong_is_not_touched(decided: Path) -> None:
    target = decided.parent / "scr-tone.toml"
    target.write_text("[flag]", encoding="utf-8")
    assert main(["calibrate", str(decided), "-o", str(target)]) == 2
    assert target.read_text(encoding="utf-8") == "[flag]"
    assert main(["calibrate", str(decided.parent / "none.tone.json")]) == 3
