"""Mutation testing of the core: small changes to the code, each of which some test should notice.

.venv-mutation/bin/python -m tests.benchmarks.mutation --python .venv/bin/python      # or make mutation

cosmic-ray's operators make the mutants. Of those at one place and of one kind a single one is taken, those that change nothing
but annotations are left out, and a sample of what remains is tried, the same for the same seed. What survives is a hole in the
tests, or is explained in mutants.json; anything else ends with 1. The scores go into README.md here.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.table import machine, write_section

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = Path(__file__).parent / "mutants.json"

#: Modules and the tests that should notice a change in them, besides their own examples.
MODULES = {
    "finding_ids": ["tests/test_finding_ids.py"],
    "manifest": ["tests/test_artefact.py", "-k", "manifest or Unpickled or Trap or Swapped or round_trip"],
    "marks": ["tests/test_left_out.py", "-k", "mark"],
    "normalise": ["tests/test_normalise.py"],
    "paired": ["tests/test_adapting.py", "-k", "paired"],
    "project": ["tests/test_project.py"],
    "shares": ["tests/test_shares.py"],
    "thresholds": ["tests/test_calibrate.py"],
}
#: What takes arguments, or changes nothing that Python heeds here.
_WITHOUT = ("VariableReplacer", "VariableInserter", "RemoveDecorator")


@dataclass(frozen=True)
class Mutant:
    """A changed module."""

    line: int
    before: str
    after: str
    source: str = field(repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """What finds it again when lines have moved."""
        return self.before, self.after


def _without_annotations(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant(0)  # type: ignore[assignment]
        if isinstance(node, ast.arguments):  # the stars and strokes between them look like operators
            node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
            node.defaults = [*node.defaults, *(value for value in node.kw_defaults if value is not None)]
            node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        if isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(tree)


def mutants(source: str) -> Iterator[list[Mutant]]:
    """The mutants of a module, those at one place and of one kind together."""
    import cosmic_ray.plugins
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code

    plain = _without_annotations(source)
    lines = source.splitlines()
    groups: dict[tuple[object, str], list[Mutant]] = {}
    nodes = list(ast_nodes(get_ast(source)))
    for name in sorted(cosmic_ray.plugins.operator_names()):
        if any(part in name for part in _WITHOUT):
            continue
        operator = cosmic_ray.plugins.get_operator(name)()
        places = [position for node in nodes for position in operator.mutation_positions(node)]
        for occurrence, place in enumerate(places):
            changed = mutate_code(source, operator, occurrence)
            try:
                if changed is None or _without_annotations(changed) == plain:
                    continue
            except SyntaxError:
                continue
            matcher = difflib.SequenceMatcher(None, lines, changed.splitlines(), autojunk=False)
            _, low, high, new_low, new_high = next(code for code in matcher.get_opcodes() if code[0] != "equal")
            before, after = (
                " ".join(" ".join(part).split()) for part in (lines[low:high], changed.splitlines()[new_low:new_high])
            )
            kind = name.split("/")[1].split("_")[0]
            groups.setdefault((place, kind), []).append(Mutant(low + 1, before, after, changed))
    yield from groups.values()


def sample(module: str, source: str, most: int, seed: int) -> tuple[list[Mutant], int]:
    """The mutants to try, and how many places there are."""
    chance = random.Random(f"{seed} {module}")
    groups = sorted(mutants(source), key=lambda group: (group[0].line, group[0].after))
    chosen = [chance.choice(group) for group in groups]
    return sorted(chance.sample(chosen, min(most, len(chosen))), key=lambda mutant: mutant.line), len(chosen)


class Server:
    """Tests in a copy of the checkout, by another interpreter."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.folder = folder
        for name in ("scr_tone", "tests", "api"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.name not in {"scr_tone", "tests", "api", "build", "dist"} and not path.name.startswith("."):
                (folder / path.name).symlink_to(path)
        for name in ("scr_tone", "tests"):
            compileall.compile_dir(folder / name, quiet=2)
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [python.absolute(), "-m", "tests.benchmarks.mutation_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment,
        )

    def run(self, tests: list[str], seconds: float = 600) -> int | None:
        """Exit code of the tests; None if they took longer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"tests": tests, "seconds": seconds}) + "\n")
        self.process.stdin.flush()
        code = json.loads(self.process.stdout.readline())
        assert code is None or isinstance(code, int)
        return code

    def put(self, module: str, source: str) -> None:
        """Change a module."""
        path = self.folder / "scr_tone" / f"{module}.py"
        for compiled in path.parent.glob(f"__pycache__/{module}.*"):
            compiled.unlink()
        path.write_text(source, encoding="utf-8")


def explained() -> dict[str, dict[tuple[str, str], str]]:
    """Survivors that no test can notice, by module, and why."""
    entries = json.loads(EXPLAINED.read_text(encoding="utf-8"))
    found: dict[str, dict[tuple[str, str], str]] = {}
    for entry in entries:
        found.setdefault(entry["module"], {})[entry["before"], entry["after"]] = entry["why"]
    return found


def tried(server: Server, module: str, most: int, seed: int) -> tuple[list[Mutant], int, int]:
    """Survivors among the mutants of a module, how many were tried, and of how many places."""
    source = (ROOT / "scr_tone" / f"{module}.py").read_text(encoding="utf-8")
    tests = [f"scr_tone/{module}.py", *MODULES[module]]
    if server.run(tests) != 0:
        raise SystemExit(f"{module}: its tests do not pass as they are: {' '.join(tests)}")
    began = time.monotonic()
    server.run(tests)
    limit = 20 + 10 * (time.monotonic() - began)
    chosen, places = sample(module, source, most, seed)
    survivors = []
    for mutant in chosen:
        server.put(module, mutant.source)
        code = server.run(tests, limit)
        if code not in (None, 0, 1, 2) and code >= 0:
            raise SystemExit(f"{module}, line {mutant.line}: pytest ended with {code}")
        if code == 0:
            survivors.append(mutant)
    server.put(module, source)
    return survivors, len(chosen), places


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, required=True, help="interpreter that has what the tests need")
    parser.add_argument("--only", nargs="+", choices=MODULES, default=list(MODULES), help="print these, write nothing")
    parser.add_argument("--sample", type=int, default=30, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    known = explained()
    rows, open_ends = [], 0
    with tempfile.TemporaryDirectory() as folder:
        server = Server(options.python, Path(folder) / "copy")
        for module in options.only:
            began = time.monotonic()
            survivors, count, places = tried(server, module, options.sample, options.seed)
            same = [mutant for mutant in survivors if mutant.key in known.get(module, {})]
            alive = [mutant for mutant in survivors if mutant not in same]
            killed, real = count - len(survivors), count - len(same)
            print(
                f"{module}: {killed} of {real} killed, {len(same)} explained, {time.monotonic() - began:.0f} s",
                flush=True,
            )
            for mutant in alive:
                print(f"  line {mutant.line}\n    - {mutant.before}\n    + {mutant.after}", flush=True)
            open_ends += len(alive)
            tests = re.sub(r" -k .*", "", " ".join(MODULES[module])).replace("tests/", "")
            rows.append(
                f"| `{module}` | {tests} | {places} | {count} | {killed} | {len(same)} | {len(alive)} | {killed / real:.0%} |"
            )
        assert server.process.stdin is not None
        server.process.stdin.close()
        server.process.wait(60)
    if list(options.only) == list(MODULES):
        write_section("mutation", [*HEAD.format(**vars(options), machine=machine()).splitlines(), *rows])
    return int(open_ends > 0)


HEAD = """\
## Mutation testing

Small changes to core modules (a comparison turned round, a number moved, `and` for `or`, a loop that does not run), by
cosmic-ray's operators: at most {sample} of each module, drawn with seed {seed} from all places where one is possible. A test noticed
those killed; those explained change nothing that a test could see, and `mutants.json` says why. `make mutation` ({machine}).

| module | tests | places | tried | killed | explained | alive | score |
|---|---|---|---|---|---|---|---|"""


if __name__ == "__main__":
    sys.exit(main())
