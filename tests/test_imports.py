"""The shape of the package: imports go one way, the surface is what it says, nothing happens at import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import scr_tone

#: Each module may import only from lower layers. Files of one folder count as that folder.
LAYERS = [
    {"cores", "cues", "errors", "records", "version", "words"},
    {"guidance"},
    {"lines", "language", "output", "labelled", "marks", "project", "thresholds"},
    {"abbreviations", "masking", "decisions", "project_file"},
    {"reading", "sentences"},
    {"around", "features", "finding_ids", "drafts", "left_out", "pointer", "rewording", "speech", "telling"},
    {"provenance"},
    {
        "units",
        "scorer",
        "evaluation",
        "rendering",
        "model_card",
        "frames",
        "normalise",
        "advice",
        "purpose",
    },
    {"flag_figures", "paired"},
    {"annotate", "tables", "qda_codes"},
    {"qda"},
    {"annotation"},
    {"estimation"},
    {"encoder_reading"},
    {"encoder_heads", "encoder_memory", "encoder_batches"},
    {"encoder_window"},
    {"estimator_input"},
    {"classifier", "explain", "encoder"},
    {"manifest", "packing", "prediction"},
    {"artefact", "report", "batches"},
    {"analyser", "component", "pairs", "doc_tone", "sentence_rows"},
    {"loading"},
    {"corpus", "displacy"},
    {"comparison_data", "shares"},
    {"comparison", "carried"},
    {"tone_component"},
    {"plots", "training"},
    {"cli"},
    {"__init__", "__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
PACKAGE = Path(scr_tone.__file__).parent


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(tree: ast.AST) -> list[str]:
    """Names of our own modules that a file imports, those under TYPE_CHECKING left out."""
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scr_tone"):
            parts = (node.module or "").split(".")
            found += [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("scr_tone.")]
    return found


def test_every_module_has_its_layer() -> None:
    assert {module_of(path) for path in PACKAGE.rglob("*.py")} == set(LEVEL)


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for name in imports_of(ast.parse(path.read_text(encoding="utf-8")))
        if name != module_of(path) and LEVEL[name] >= LEVEL[module_of(path)]
    ]
    assert wrong == []


def test_the_library_knows_no_network_and_no_web_framework() -> None:
    serve = {PACKAGE / "cli" / "serve.py"}  # which starts the service, and imports late
    for path in set(PACKAGE.rglob("*.py")) - serve - set((PACKAGE / "training" / "neural").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in set(names) - {"urllib.parse"}:  # which only takes strings apart
                assert name.split(".")[0] not in {
                    "fastapi",
                    "starlette",
                    "uvicorn",
                    "socket",
                    "urllib",
                    "http",
                    "requests",
                    "httpx",
                    "torch",
                }, path


def test_public_names() -> None:
    assert scr_tone.__all__ == sorted(scr_tone.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n))
    for name in scr_tone.__all__:
        assert getattr(scr_tone, name) is not None
        assert getattr(scr_tone, name).__doc__ or name in ("KINDS", "LABELS", "__version__")
    assert set(scr_tone._HOME) == set(scr_tone.__all__) - {"__version__"}
    assert set(dir(scr_tone)) == set(scr_tone.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(scr_tone, "nonsense")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_import_is_light() -> None:
    heavy = "{'numpy','spacy','sklearn','scipy','pandas','lxml','pypdfium2','rich','joblib','matplotlib'}"
    assert run(f"import sys, scr_tone; print(sorted({heavy} & set(sys.modules)))").strip() == "[]"


def test_scoring_needs_neither_scikit_learn_nor_spacy() -> None:
    code = (
        "import sys, scr_tone; scr_tone.load().analyse('The nurse failed to ring.').to_json();"
        "print(sorted({'spacy','sklearn','scipy','pandas'} & set(sys.modules)))"
    )
    assert run(code).strip() == "[]"


def test_no_module_is_a_god_file() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path
