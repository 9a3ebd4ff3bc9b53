"""Settings of a project: found, read, refused with the key and the remedy, and heeded."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import scr_tone
from scr_tone.cli import main
from scr_tone.cues import find_cues
from scr_tone.project import FLAGGABLE, Flags, Project, hint
from scr_tone.project_file import FILE_NAME, find_project, read_project
from scr_tone.records import SKIPS

WHOLE = """
[flags]
labels = ["blame", "accountability"]
threshold.blame = 0.6
sure = 0.9
model = "0123456789abcdef"

[skip]
quotes = true
tables = true
appendices = false
sections = ["Chronology*"]
phrases = ["so-called"]

[terms]
house = ["Heart  Failure Team"]

[decisions]
file = "kept/review.tone.json"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / FILE_NAME
    path.write_text(text, encoding="utf-8")
    return path


# ---- reading ----


def test_every_key_is_read(tmp_path: Path) -> None:
    assert read_project(written(tmp_path, WHOLE)) == Project(
        Flags(("blame", "accountability"), {"blame": 0.6}, "0123456789abcdef", 0.9),
        frozenset({"quotes", "tables"}),
        ("Chronology*",),
        ("so-called",),
        ("Heart Failure Team",),
        tmp_path / "kept/review.tone.json",
        FILE_NAME,
    )


def test_an_empty_file_settles_nothing(tmp_path: Path) -> None:
    assert read_project(written(tmp_path, "")) == Project(file=FILE_NAME)


def test_one_threshold_for_all_and_a_mark_of_a_windows_editor(tmp_path: Path) -> None:
    assert read_project(written(tmp_path, "\ufeff[flags]\nthreshold = 1")).flags.threshold == dict.fromkeys(
        FLAGGABLE, 1.0
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[flags]\nlabels = ["blam"]', "flags.labels names an unknown label 'blam'; did you mean 'blame'?"),
        ('[flags]\nlabels = ["neutral"]', "flags.labels names neutral, which is no flag; it knows blame, learning and"),
        ("[flags]\nlabels = 'blame'", "flags.labels has a text; give a list of texts"),
        ("[flags]\nlabel = []", "[flags] has an unknown key 'label'; did you mean 'labels'?"),
        ("[flags]\nthreshold = true", "flags.threshold has true or false; give a number from 0 to 1"),
        ("[flags]\nthreshold = nan", "flags.threshold is nan for blame; give a score from 0 to 1"),
        ("[flags.threshold]\nblame = 60", "flags.threshold is 60.0 for blame; give a score from 0 to 1"),
        ("[flags.threshold]\nblame = 'much'", "flags.threshold.blame has a text; give a number"),
        ("[skip]\nquote = true", "[skip] has an unknown key 'quote'; did you mean 'quotes'?"),
        ("[skip]\nquotes = 1", "skip.quotes has a number; give true or false"),
        ("[skip]\nphrases = ['...']", "phrases has '...', which holds no word; write words"),
        ("[skip]\nphrases = [3]", "skip.phrases has a list; give a list of texts"),
        ("[skip]\nsections = ['']", "sections has '', which holds no word"),
        ("[skips]", "has an unknown key 'skips'; did you mean 'skip'?"),
        ("quotes = true", "has an unknown key 'quotes'; write it under [skip]"),
        ("flags = 3", "flags has a number; give a table; write [flags] on a line of its own"),
        ("[terms]\nhouse = ['!']", "terms has '!', which holds no word"),
        ("[decisions]\nfile = ' '", "decisions.file has a text; give a text"),
        ("[flags\n", "is no TOML (expected ']' at the end of a table declaration (at line 1, column 7)); mend that"),
    ],
)
def test_what_is_not_understood_is_refused(
    tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(scr_tone.ConfigError) as caught:
        read_project(path)
    assert str(caught.value).startswith(f"{path}: {says}")
    (tmp_path / "draft.txt").write_text("It rained.", encoding="utf-8")
    assert main(["check", str(tmp_path / "draft.txt")]) == 2
    assert says in capsys.readouterr().err


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(scr_tone.ConfigError, match="No such file"):
        read_project(tmp_path / FILE_NAME)
    (tmp_path / FILE_NAME).write_bytes(b"[skip]\n# \xff")
    with pytest.raises(scr_tone.ConfigError, match=r"is no TOML \(it is not UTF-8\)"):
        read_project(tmp_path / FILE_NAME)
    (tmp_path / FILE_NAME).write_bytes(b"#" * 1_000_001)
    with pytest.raises(scr_tone.ConfigError, match="larger than 1 MB"):
        read_project(tmp_path / FILE_NAME)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Project(skip="quotes"),  # type: ignore[arg-type]
        lambda: Project(skip=["quote"]),  # type: ignore[arg-type]
        lambda: Project(phrases="so-called"),  # type: ignore[arg-type]
        lambda: Project(terms=[" "]),  # type: ignore[arg-type]
        lambda: Flags(labels="blame"),
        lambda: Flags(sure=1.2),
    ],
)
def test_python_is_checked_the_same_way(make) -> None:
    with pytest.raises(scr_tone.ConfigError):
        make()


# ---- finding ----


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    deep = tmp_path / "drafts" / "june"
    deep.mkdir(parents=True)
    draft = deep / "draft.docx"
    draft.touch()
    (tmp_path / ".git").mkdir()
    assert find_project(draft) is None
    above = written(tmp_path, "")
    assert find_project(draft) == find_project(deep) == above
    beside = written(deep, "")
    assert find_project(draft) == beside


def test_the_search_ends_at_the_repository_and_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "")
    inner = tmp_path / "repository" / "drafts"
    inner.mkdir(parents=True)
    assert find_project(inner) is not None
    (tmp_path / "repository" / ".git").write_text("gitdir: elsewhere", encoding="utf-8")
    assert find_project(inner) is None
    (tmp_path / "repository" / ".git").unlink()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "repository")
    assert find_project(inner) is None
    beside = written(tmp_path / "repository", "")
    assert find_project(inner) == beside  # home itself is still looked at


# ---- heeding ----

TEXT = (
    "# Review\n\n## Findings\n\nThe nurse failed to call back. The school should have rung that day. It rained.\n\n"
    "## Chronology of events\n\nThe doctor neglected to write.\n"
)


def test_thresholds_flag_less_and_change_no_label(tone: scr_tone.ToneAnalyser, tmp_path: Path) -> None:
    plain = tone.analyse(TEXT)
    weak, strong = sorted(s.scores["blame"] for s in plain.flagged)[::2]
    assert weak < strong
    report = tone.analyse(TEXT, project=Project(Flags(threshold={"blame": strong})))
    assert [s.scores["blame"] for s in report.flagged] == [strong]
    assert [s.label for s in report.sentences] == [s.label for s in plain.sentences]
    assert report.summary["labels"] == plain.summary["labels"]
    assert report.summary["flagged"] == 1
    assert report.summary["below_threshold"] == len(plain.flagged) - 1
    assert sum(section["flagged"] for section in report.summary["sections"]) == 1
    assert [row["flagged"] for row in report.to_dict()["sentences"]].count(True) == 1
    assert report.to_frame()["flagged"].sum() == 1


def test_a_flag_without_telling_words_needs_a_higher_score(tone: scr_tone.ToneAnalyser) -> None:
    text = "The nurse did not visit and the family waited for her. The nurse failed to call back."
    bare, worded = tone.analyse(text, project=Project(Flags(sure=0.0, threshold={"blame": 0.0}))).sentences
    assert (bare.label, worded.label) == ("blame", "blame")
    assert not find_cues(bare.text, "blame") and find_cues(worded.text, "blame")
    least = min(bare.scores["blame"], worded.scores["blame"])
    for sure, flagged in ((least, [bare.index, worded.index]), (1.0, [worded.index])):
        for cues in (True, False):  # whether or not the words that weighed are worked out
            report = tone.analyse(text, project=Project(Flags(sure=sure, threshold={"blame": least})), cues=cues)
            assert [s.index for s in report.flagged] == flagged
    assert report.summary["below_threshold"] == 1
    assert [row["flagged"] for row in report.to_dict()["sentences"]] == [False, True]
    assert [row["unsure"] for row in report.to_dict()["sentences"]] == [True, False]


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("The judge told him that his carelessness had nearly killed a child.", False),
        ("The sentencing judge described what they did as cruel.", False),
        ("It is the prosecution case that Ms J lied to each professional.", False),
        ("It is alleged that he ignored the letter.", False),
        ("The judge told the parents that the Trust had failed them.", True),
        ("It is alleged that the council ignored the letter.", True),
        ("The judge in the family court found that she had been let down.", True),
        ("He should not have had charge of the case.", True),
        ("The nurse in charge of the shift failed to ring.", True),
        ("He was charged with the task and failed to do it.", True),
        ("The coroner found that the nurse failed to ring.", True),
    ],
)
def test_what_a_criminal_court_said_of_people_is_no_flag(text: str, flagged: bool) -> None:
    assert Flags().has("blame", {"blame": 0.9}, text) is flagged
    assert Flags(labels=["learning"]).has("learning", {"learning": 0.9}, text)


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("There was no wilful neglect here.", False),
        ("It\u2019s easy to say that we should have known.", False),
        ("With hindsight it is tempting to say that she should have asked.", False),
        ("This was not a case of people not caring.", False),
        ("Nobody was careless, and nobody looked away.", False),
        ("I do not find that the officers acted recklessly.", False),
        ("With hindsight it is easy to say that somebody should have asked, but the need was obvious.", True),
        ("It was not simply an error, it was wilful neglect.", True),
        ("There was no neglect until May, yet after it there was nothing else.", True),
        ("It is not unfair to say that she failed to look.", True),
        ("The consultant was wrong to assume that somebody else had looked.", True),
        ("There was no malice in what she did, she failed to ring.", True),
        ("Nobody was at fault at the hospital and the council failed to act.", True),
        ("The nurse failed to ring, which is not to suggest malice, and that is not to say that she was lazy.", True),
        ("They were not indifferent to targets; they were indifferent to her and failed to call.", True),
        ("There was no excuse for the delay.", True),
        ("No one bothered to ring.", True),
    ],
)
def test_fault_that_is_denied_is_no_flag(text: str, flagged: bool) -> None:
    scores = {"blame": 0.95, "learning": 0.02, "accountability": 0.01, "neutral": 0.02}
    assert Flags().has("blame", scores, text) is flagged


def test_other_labels_can_be_flagged(tone: scr_tone.ToneAnalyser) -> None:
    text = "The nurse failed to call back. The Trust accepts that its response was too slow and has apologised."
    report = tone.analyse(text, project=Project(Flags(labels=["blame", "accountability"])))
    assert [s.label for s in report.flagged] == ["blame", "accountability"]
    assert tone.analyse(text, project=Project(Flags(labels=[]))).flagged == ()


def test_thresholds_of_another_model_are_noted(tone: scr_tone.ToneAnalyser) -> None:
    flags = Flags(threshold={"blame": 0.5}, model="0123456789abcdef")
    (note,) = tone.analyse("It rained.", project=Project(flags)).notes
    assert note == "the thresholds were learned with another model (0123456789abcdef); learn them again"
    assert tone.analyse("It rained.", project=Project(Flags(model=tone.digest[:16]))).notes == ()


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "draft.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> dict:
    assert main(["check", *map(str, arguments), "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_command_finds_heeds_and_reports_the_settings(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = drafts / "draft.md"
    assert checked(capsys, draft)["settings"]["project"] is None
    written(drafts, '[skip]\nsections = ["chronology*"]\nphrases = ["that day"]\n[flags]\nthreshold = 0.5')
    report = checked(capsys, draft)
    assert report["settings"]["project"] == FILE_NAME
    assert report["settings"]["flags"] == {"labels": ["blame"], "threshold": dict.fromkeys(FLAGGABLE, 0.5), "sure": 0.8}
    assert report["summary"]["skipped"] == {"heading": 3, "phrase": 1, "section": 1}
    assert report["summary"]["flagged"] == 1
    assert checked(capsys, draft, "--no-config")["summary"]["flagged"] == 3
    other = drafts / "other.toml"
    other.write_text("[flags]\nlabels = []", encoding="utf-8")
    assert checked(capsys, draft, "--config", other)["summary"]["flagged"] == 0
    assert main(["check", str(draft)]) == 0
    assert "settings: scr-tone.toml" in capsys.readouterr().out
    assert main(["check", str(draft), "--config", str(drafts / "none.toml")]) == 2


def test_fail_on_and_show_heed_the_threshold(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = str(drafts / "draft.md")
    assert main(["check", draft, "--fail-on", "blame"]) == 1
    written(drafts, "[flags]\nthreshold.blame = 1.0")
    capsys.readouterr()
    assert main(["check", draft, "--fail-on", "blame"]) == 0
    out = capsys.readouterr().out
    assert "call back" not in out
    assert "counted, not flagged: 3" in out
    assert main(["check", draft, "--show", "below"]) == 0
    assert "The nurse failed to call back." in capsys.readouterr().out


def test_each_draft_has_the_settings_of_its_own_folder(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (drafts / "quiet").mkdir()
    written(drafts / "quiet", "[flags]\nlabels = []")
    (drafts / "quiet" / "draft.md").write_text(TEXT, encoding="utf-8")
    loud, quiet = checked(capsys, drafts / "draft.md", drafts / "quiet" / "draft.md")
    assert (loud["summary"]["flagged"], quiet["summary"]["flagged"]) == (3, 0)


def test_the_command_lists_what_can_be_skipped(drafts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = str(drafts / "draft.md")
    assert main(["check", draft, "--skip", "tables,quote"]) == 2
    assert "--skip: does not know 'quote'; did you mean 'quotes'?" in capsys.readouterr().err
    report = checked(capsys, draft, "--skip", "quotes, tables", "--skip", "glossary")
    assert report["settings"]["skip"] == ["glossary", "quotes", "tables"]
    assert report["settings"]["skip_quotes"] is True
    assert checked(capsys, draft, "--skip-quotes")["settings"]["skip"] == ["quotes"]
    assert set(report["settings"]["skip"]) <= set(SKIPS)


def test_settings_do_not_change_once_made() -> None:
    for settings in (Flags(), Project()):
        with pytest.raises(FrozenInstanceError):
            settings.labels = ()  # type: ignore[misc, union-attr]


@pytest.mark.parametrize(
    ("known", "said"),
    [(["file"], "it knows file"), (["a", "b"], "it knows a and b"), (["a", "b", "c"], "it knows a, b and c")],
)
def test_what_is_known_is_listed_as_one_would_say_it(known: list[str], said: str) -> None:
    assert hint("zzz", known) == said
