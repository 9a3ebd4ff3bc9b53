"""Plots: what is drawn is what the data says; nothing warns, nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
import warnings

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import scr_tone
from scr_tone import evaluation, plots
from scr_tone.errors import ConfigError, InputError
from scr_tone.plots.canvas import HATCHES, LINES, MARKS, RESPONSIBLE
from scr_tone.records import Block
from scr_tone.rendering.palette import fills, inks
from scr_tone.shares import share_table

ONE = "The nurse failed to call back."


def drawn(ax) -> np.ndarray:
    """The figure as Agg draws it; a warning is an error here."""
    figure = ax.get_figure(root=True)
    canvas = FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def words(ax) -> str:
    """All that stands on the figure."""
    figure = ax.get_figure(root=True)
    found = [text.get_text() for text in figure.findobj(mpl.text.Text)]
    return "\n".join(found).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def report(tone, root) -> scr_tone.Report:
    return tone.analyse(scr_tone.read(root / "examples" / "draft_review_child_m.docx"))


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    """Six documents of twenty sentences: neutral first, learning in the middle, blame at the end of every other one."""
    rows = []
    for number in range(6):
        for at in range(20):
            label = "learning" if 8 <= at < 12 else "blame" if at >= 16 and number % 2 else "neutral"
            section = "1. Background" if at < 8 else "2. Findings" if at < 16 else f"{3 + number}. CONCLUSION"
            rows.append(
                (f"review {number}.pdf", 2010 + number // 2, "north" if number % 2 else "south", section, label)
            )
    return pd.DataFrame(rows, columns=["file", "year", "agency", "section", "label"])


# -- for all of them


def every(report, many) -> dict:
    scores = np.array([[0.9, 0.1, 0, 0], [0.2, 0.6, 0.1, 0.1]])
    return {
        "strip": lambda **more: plots.tone_strip(report, **more),
        "strips": lambda **more: plots.tone_strip(many, document="file", **more),
        "shares": lambda **more: plots.shares(report, **more),
        "shares by": lambda **more: plots.shares(many, "agency", document="file", **more),
        "shares by year": lambda **more: plots.shares(many, "year", document="file", **more),
        "along": lambda **more: plots.tone_along(many, document="file", **more),
        "sections": lambda **more: plots.section_heatmap(report, most=12, **more),
        "drafts": lambda **more: plots.draft_comparison(scr_tone.compare(report, report), **more),
        "reliability": lambda **more: plots.reliability(scores, ["blame", "blame"], **more),
    }


NAMES = list(every(None, None))


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_on_the_axes_that_it_is_given_and_changes_nothing_else(name, report, many) -> None:
    before = dict(mpl.rcParams)
    loaded = "matplotlib.pyplot" in sys.modules
    ax = Figure(figsize=(5, 4)).add_subplot()
    assert every(report, many)[name](ax=ax) is ax
    assert ax.get_title(loc="left")
    drawn(ax)
    assert dict(mpl.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded


@pytest.mark.parametrize("width", [3.5, 7])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_at_paper_width(name, width, report, many) -> None:
    ax = every(report, many)[name](width=width)
    figure = ax.figure
    assert figure.get_figwidth() == width
    drawn(ax)
    page = figure.bbox
    for text in figure.findobj(mpl.text.Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            if box.width:
                inside = (
                    box.x0 >= page.x0 - 1 and box.x1 <= page.x1 + 1 and box.y0 >= page.y0 - 1 and box.y1 <= page.y1 + 1
                )
                assert inside or not _is_tick_in_view(ax, text), text.get_text()


def _is_tick_in_view(ax, text) -> bool:
    """Ticks beyond the limits have texts that are never drawn."""
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        for tick in axis.get_major_ticks():
            if text in (tick.label1, tick.label2):
                return min(limits) <= tick.get_loc() <= max(limits)
    return True


@pytest.mark.parametrize("name", NAMES)
def test_the_title_says_how_much(name, report, many) -> None:
    said = words(every(report, many)[name]())
    assert "sentences" in said
    assert "Wording, not people" in said.replace("\n", " ")


def test_the_title_names_the_model(report) -> None:
    for ax in (plots.tone_strip(report), plots.shares(report.to_frame()), plots.tone_along(report)):
        assert "model small" in words(ax).replace("\n", " ")


def test_a_notebook_shows_the_axes(report) -> None:
    png, size = plots.shares(report)._repr_png_()
    assert png.startswith(b"\x89PNG") and size["width"] == 700


def test_labels_differ_without_colour() -> None:
    for styles in (MARKS, {label: str(dashes) for label, dashes in LINES.items()}):
        assert list(styles) == list(scr_tone.LABELS) and len(set(styles.values())) == 4
    assert len({HATCHES[label] for label in RESPONSIBLE}) == 3


@pytest.mark.parametrize("block", [Block(ONE), Block("Findings", "heading", level=1)])
def test_a_sentence_or_none_is_enough(tone, block) -> None:
    report = tone.analyse(scr_tone.Document.from_blocks([block]))
    nothing = report.to_frame().iloc[:0]
    for draw in (plots.tone_strip, plots.shares, plots.tone_along, plots.section_heatmap):
        drawn(draw(report))
        assert "no sentence that counts" in words(draw(nothing))
    assert "no sentence that counts" in words(plots.shares(nothing, "section"))
    drawn(plots.draft_comparison(scr_tone.compare(report, report)))
    drawn(plots.reliability(np.zeros((0, 4)), []))


def test_names_are_shown_as_they_stand(tone) -> None:
    heading = Block("Costs: $4 and $5 \U0001f600", "heading")
    document = scr_tone.Document.from_blocks([heading, Block(ONE)], name="a_$b$_c.docx")
    report = tone.analyse(document)
    drawn(plots.section_heatmap(report))
    assert r"a_\$b\$_c" in words(plots.tone_strip(report))


def test_without_matplotlib_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import pandas as pd\nfrom scr_tone import plots\n"
        "try:\n    plots.tone_strip(pd.DataFrame({'label': ['blame']}))\n"
        "except Exception as error:\n    print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == 'ConfigError scr_tone.plots: needs matplotlib; pip install "scr-tone[plots]"'


def test_a_width_that_is_none_is_refused(report) -> None:
    with pytest.raises(ConfigError, match="inches"):
        plots.shares(report, width=0)


# -- strip


def lanes(ax) -> dict:
    return {bars.get_label().removeprefix("_"): bars for bars in ax.collections if bars.get_label()[1:] in RESPONSIBLE}


def test_a_strip_has_a_bar_for_each_sentence_where_it_stands(report) -> None:
    ax = plots.tone_strip(report)
    last = max(sentence.end for sentence in report.sentences)
    for lane, label in enumerate(RESPONSIBLE):
        said = [s for s in report.sentences if s.skipped is None and s.label == label]
        bars = [path.get_extents() for path in lanes(ax)[label].get_paths()]
        assert [bar.x0 for bar in bars] == pytest.approx([s.start / last for s in said])
        assert all(lane - 0.5 < bar.y0 < bar.y1 < lane + 0.5 for bar in bars)
        assert ax.get_yticklabels()[lane].get_text() == f"{label} {len(said)}"
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # blame on top


def test_many_documents_are_a_strip_each(many) -> None:
    ax = plots.tone_strip(many, document="file")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [f"review {n}" for n in range(6)]
    found = [bars for bars in ax.collections if bars.get_label() == "_blame"]
    assert [len(bars.get_paths()) for bars in found] == [0, 4, 0, 4, 0, 4]


def test_more_strips_than_can_be_read_are_refused() -> None:
    frame = pd.DataFrame({"document": [str(n) for n in range(41)], "label": "blame"})
    with pytest.raises(InputError, match="41 documents"):
        plots.tone_strip(frame)


# -- shares


def points(ax) -> dict:
    """Label -> (share, low, high) of each of its points, along the axis of the shares."""
    found = {}
    for bar in ax.containers:
        line, _, (reach,) = bar
        upright = bar.has_yerr
        ends = [segment[:, 1 if upright else 0] for segment in reach.get_segments()]
        share = line.get_ydata() if upright else line.get_xdata()
        found.setdefault(bar.get_label(), []).extend(
            (float(s), float(e.min()), float(e.max())) for s, e in zip(share, ends, strict=True)
        )
    return found


def expected(table) -> dict:
    return {
        label: [tuple(row) for row in rows[["share", "low", "high"]].to_numpy().tolist()]
        for label, rows in table.groupby("label")
    }


def same(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    for label, found in one.items():
        assert np.array(found) == pytest.approx(np.array(other[label])), label


def test_shares_are_those_of_the_table(report, many) -> None:
    same(points(plots.shares(report)), expected(share_table(report)))
    for by in ("agency", "year"):
        ax = plots.shares(many, by, document="file")
        same(points(ax), expected(share_table(many, by, labels=RESPONSIBLE, document="file")))


def test_labels_stand_in_their_order(report) -> None:
    assert [tick.get_text() for tick in plots.shares(report).get_yticklabels()] == list(scr_tone.LABELS)
    ax = plots.shares(report, "section")
    (key,) = ax.figure.legends
    assert [text.get_text() for text in key.get_texts()] == list(RESPONSIBLE)


def test_years_run_from_left_to_right(many) -> None:
    ax = plots.shares(many, "year", document="file")
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [f"{year}\nn 40" for year in (2010, 2011, 2012)]
    assert all(bar.has_yerr for bar in ax.containers)
    as_text = plots.shares(many.astype({"year": "string"}), "year", document="file")
    assert points(as_text) == points(ax)


def test_a_ready_table_is_drawn_as_it_stands() -> None:
    table = pd.DataFrame(
        {"label": ["blame", "learning"], "share": [0.06, 0.2], "low": [0.03, 0.15], "high": [0.1, 0.26]}
    )
    same(points(plots.shares(table)), expected(table))
    grouped = pd.concat([table.assign(board="east"), table.assign(board="west")])
    same(points(plots.shares(grouped, "board")), expected(grouped))
    drawn(plots.shares(share_table(pd.DataFrame({"label": ["blame"] * 3, "x": ["p", "q", "q"]}), "x")))
    with pytest.raises(InputError, match="by="):
        plots.shares(grouped)
    with pytest.raises(InputError, match="100"):
        plots.shares(table.assign(share=[6, 20]))
    with pytest.raises(InputError, match="'high'"):
        plots.shares(table.drop(columns="high"))


def test_factors_are_named_in_words() -> None:
    frame = pd.DataFrame({"label": ["learning"] * 3, "factors": ["joint_working", "tools; joint_working", ""]})
    ax = plots.shares(frame, "factors")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Joint working", "Tools"]
    assert "3 learning sentences" in words(ax)
    assert [point[0] for point in points(ax)["learning"]] == pytest.approx([2 / 3, 1 / 3])


# -- along


def test_tone_along_finds_where_the_labels_stand(many) -> None:
    ax = plots.tone_along(many, document="file")
    lines = {line.get_label(): line for line in ax.lines}
    assert list(lines) == list(RESPONSIBLE)
    grid = lines["learning"].get_xdata()
    assert grid[np.argmax(lines["learning"].get_ydata())] == pytest.approx(0.5, abs=0.03)
    assert lines["blame"].get_ydata()[-1] == pytest.approx(0.5, abs=0.05)  # of every other document all
    assert lines["blame"].get_ydata()[0] < 0.01
    assert [lines[label].get_color() for label in RESPONSIBLE] == [inks()[label] for label in RESPONSIBLE]


def test_the_band_is_as_wide_as_documents_differ(many) -> None:
    ax = plots.tone_along(many, document="file")
    band = {b.get_label().removeprefix("_"): b.get_paths()[0].vertices for b in ax.collections}
    at_end = band["blame"][band["blame"][:, 0] == 1][:, 1]
    assert at_end.min() < 0.2 and at_end.max() > 0.8
    in_the_middle = band["learning"][np.isclose(band["learning"][:, 0], 0.5)][:, 1]
    assert np.ptp(in_the_middle) < 1e-9  # all alike there


def test_one_document_has_no_band(report) -> None:
    assert len(plots.tone_along(report).collections) == 0


def test_smoothing_smooths(report) -> None:
    rough, smooth = (plots.tone_along(report, smoothing=width).lines[0].get_ydata() for width in (0.01, 0.3))
    assert np.ptp(rough) > 2 * np.ptp(smooth)
    with pytest.raises(ConfigError, match="smoothing"):
        plots.tone_along(report, smoothing=0)


# -- sections


def test_the_heat_map_has_the_shares_of_the_summary(report) -> None:
    ax = plots.section_heatmap(report, labels=["blame", "learning"], most=40)
    sections = report.summary["sections"]
    assert len(ax.get_yticklabels()) == len(sections)
    shown = [text.get_text() for text in ax.texts]
    told = [
        f"{row['labels'][label]['count'] / row['sentences']:.0%}" for row in sections for label in ("blame", "learning")
    ]
    assert [text if text != "0" else "0%" for text in shown] == told
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["blame", "learning"]


def test_headings_of_several_documents_meet(many) -> None:
    ax = plots.section_heatmap(many, document="file")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Background (48)", "Findings (48)", "CONCLUSION (24)"]
    assert ax.texts[6].get_text() == "50%"


def test_the_larger_share_is_the_darker_cell_and_words_stand_out(report) -> None:
    ax = plots.section_heatmap(report)
    image = ax.images[0].get_array()
    grey = image @ [0.2126, 0.7152, 0.0722]
    shares = np.array([float(t.get_text().rstrip("%")) for t in ax.texts]).reshape(grey.shape)
    for column in range(3):
        order = np.argsort(shares[:, column], kind="stable")
        assert (np.diff(grey[order, column]) <= 0.02).all()
    for text, cell in zip(ax.texts, image.reshape(-1, 3), strict=True):
        linear = np.where(cell <= 0.04045, cell / 12.92, ((cell + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]
        if text.get_text() != "0":  # those are grey, on white
            contrast = (linear + 0.05) / 0.05 if text.get_color() == "black" else 1.05 / (linear + 0.05)
            assert contrast >= 4.5


def test_small_sections_share_a_row(report) -> None:
    ax = plots.section_heatmap(report, most=3)
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert len(names) == 3 and "smaller sections" in names[-1]
    with pytest.raises(InputError, match="'section'"):
        plots.section_heatmap(pd.DataFrame({"label": ["blame"]}))


# -- drafts


@pytest.fixture(scope="module")
def comparison(tone, root, report) -> scr_tone.Comparison:
    later = tone.analyse(scr_tone.read(root / "examples" / "draft_review_child_m_v05.docx"))
    return scr_tone.compare(report, later)


def test_the_bars_are_what_the_comparison_counts(comparison) -> None:
    ax = plots.draft_comparison(comparison)
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    bars = dict(zip(names, (bar.get_width() for bar in ax.patches), strict=True))
    tone = comparison.summary["tone"]
    assert bars["reworded into blame"] == tone["became_blame"]
    assert bars["new, and blame"] == tone["new_blame"]
    assert bars["blame as before"] == tone["still_blame"]
    assert sum(count for name, count in bars.items() if name.startswith("blame, now ")) == tone["mended"]
    assert bars["blame that was cut"] == tone["removed_blame"]
    drawn(plots.draft_comparison(comparison, width=3.5))


def test_a_bar_has_the_fill_of_its_label(comparison) -> None:
    ax = plots.draft_comparison(comparison)
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    bar = ax.patches[names.index("blame, now learning")]
    assert mpl.colors.to_hex(bar.get_facecolor()) == fills()["learning"]
    assert bar.get_hatch() == HATCHES["learning"]


def test_two_reports_are_no_comparison(report) -> None:
    with pytest.raises(InputError, match="compare"):
        plots.draft_comparison(report)


# -- reliability


def test_the_diagram_is_that_of_the_evaluation() -> None:
    generator = np.random.default_rng(0)
    scores = generator.dirichlet([0.6] * 4, size=300)
    truth = [scr_tone.LABELS[at] for at in generator.integers(4, size=300)]
    actual = np.array([scr_tone.LABELS.index(label) for label in truth])
    ax = plots.reliability(scores, truth, model="test")
    table = evaluation.reliability(scores, actual)
    dots = ax.collections[-1].get_offsets()
    assert np.asarray(dots) == pytest.approx(np.array([(row["confidence"], row["accuracy"]) for row in table]))
    error = evaluation.expected_calibration_error(scores, actual)
    said = words(ax).replace("\n", " ")
    assert f"calibration error {error:.2f}" in said and "300 sentences; model test" in said


def test_scores_can_be_a_frame(tone) -> None:
    frame = tone.label_frame(pd.DataFrame({"text": [ONE, "It rained."], "truth": ["blame", "neutral"]}))
    one, other = plots.reliability(frame, "truth"), plots.reliability(frame, ["blame", "neutral"])
    for ax in (one, other):
        assert (ax.collections[-1].get_offsets()[:, 1] == 1).all()


@pytest.mark.parametrize(
    ("scores", "labels", "remedy"),
    [
        (np.full((2, 4), 0.25), ["blame"], "one label for each"),
        (np.full((1, 4), 0.25), ["blam"], "use blame"),
        (np.full((1, 4), 2.0), ["blame"], "probabilities"),
        (np.full((1, 4), np.nan), ["blame"], "probabilities"),
        (pd.DataFrame({"label": ["blame"]}), "label", "label_frame"),
        (np.full((1, 4), 0.25), "blame", "frame of scores"),
    ],
)
def test_what_is_no_score_is_refused(scores, labels, remedy) -> None:
    with pytest.raises(InputError, match=remedy):
        plots.reliability(scores, labels)
