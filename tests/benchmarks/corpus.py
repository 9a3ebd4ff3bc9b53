"""A corpus of 300 fictional documents: one worker and two, memory, a kill and its resumption, and a Dask cluster.

python -m tests.benchmarks.corpus                       writes the table in the README beside this file
python -m tests.benchmarks.corpus --documents 20 --subset 4     a try, which writes nothing

All runs are of `scr-tone corpus` as a user gives it, one after the other, and every one must give the same bytes. It ends with 1
if one does not.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.make_corpus import make
from tests.benchmarks.table import machine, write_section

ROOT = Path(__file__).resolve().parents[2]
ENDINGS = ("", ".documents", ".errors")
#: What a run must have for its figures to be written.
ENOUGH = 300
PARTS = ("throughput", "memory", "resume", "dask")


@dataclass
class Run:
    """One run of the command, as seen from outside.

    Attributes
    ----------
    seconds, cpu : float
        Wall clock; processor time of it and all its children.
    others : float
        Share of the machine's processor time that went to anybody else meanwhile.
    memory : list of (int, float, float)
        Documents done, resident MB of the command itself, and of it with all its children.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    others: float = 0.0
    memory: list[tuple[int, float, float]] = field(default_factory=list)
    killed: bool = False

    @property
    def peak(self) -> tuple[float, float]:
        return max(one for _, one, _ in self.memory), max(both for _, _, both in self.memory)

    def at(self, share: float, documents: int) -> float:
        """Resident MB of all processes when this share of the documents was done: the most up to there."""
        return max(both for done, _, both in self.memory if done <= share * documents)


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text(encoding="ascii").split())
        except OSError:
            continue
    return found


def resident(pid: int) -> float:
    """Proportional share in MB, so that pages that processes share count once; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = [line for line in text.splitlines() if line.startswith("Pss:")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def busy() -> tuple[float, float]:
    """Processor seconds that the machine has spent on work, and in all."""
    times = [int(cell) for cell in Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]]
    tick = os.sysconf("SC_CLK_TCK")
    return (sum(times) - times[3] - times[4]) / tick, sum(times) / tick


def used(pid: int) -> float:
    """Processor seconds of a process and of its children that have ended."""
    cells = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return sum(map(int, cells[11:15])) / os.sysconf("SC_CLK_TCK")


def spent() -> float:
    """Processor seconds of all children that have ended, with theirs."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def corpus(
    source: Path,
    output: Path,
    *options: object,
    kill_at: int | None = None,
    watch: Callable[[int], None] = lambda _: None,
) -> Run:
    """Run the command; with `kill_at` end it when so many documents are done; `watch` is told how many are."""
    command = [sys.executable, "-m", "scr_tone", "corpus", source, "-o", output, *options]
    run, parts = Run(), output.with_name(output.name + ".unfinished") / "parts"
    own, (work, all_) = spent(), busy()
    began = time.perf_counter()
    process = subprocess.Popen([*map(str, command)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    while process.poll() is None:
        done = len(list(parts.glob("*.part"))) if parts.is_dir() else 0
        watch(done)
        if kill_at is not None and done >= kill_at:
            process.kill()
            run.killed = True
            break
        sizes = [resident(pid) for pid in tree(process.pid)]
        run.memory.append((done, sizes[0], sum(sizes)))
        time.sleep(0.25)
    said = process.communicate()[0]
    run.seconds = time.perf_counter() - began
    run.cpu = spent() - own
    worked, whole = (now - before for now, before in zip(busy(), (work, all_), strict=True))
    run.others = max(0.0, worked - run.cpu) / whole
    if not run.killed and process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    print(
        f"  {run.seconds:7.1f} s, {run.cpu:6.1f} s of processor, others {run.others:4.0%}  {said.strip()}", flush=True
    )
    return run


def tables(output: Path) -> list[bytes]:
    return [output.with_name(f"{output.stem}{ending}{output.suffix}").read_bytes() for ending in ENDINGS]


@contextmanager
def cluster(folder: Path, count: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and so many workers of one thread on loopback; gives the address, the workers and the scheduler."""
    folder.mkdir()
    contact, dask = folder / "scheduler.json", [sys.executable, "-m", "dask"]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    common = ["--scheduler-file", str(contact), "--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, "scheduler", *common, "--port", "0", "--no-show"], **quiet)
    alone = ["--nthreads", "1", "--no-nanny", "--local-directory"]
    workers = [
        subprocess.Popen([*dask, "worker", *common, *alone, str(folder / str(number))], **quiet)
        for number in range(count)
    ]
    try:
        while not contact.exists():
            time.sleep(0.1)
        time.sleep(5)  # for the workers to arrive: what is measured is the run
        yield json.loads(contact.read_text(encoding="utf-8"))["address"], [*workers, scheduler]
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


class Bench:
    """All runs, and the lines that come of them."""

    def __init__(self, folder: Path, documents: int, subset: int) -> None:
        self.folder, self.documents, self.subset = folder, documents, subset
        self.load = os.getloadavg()[0]
        print(f"making {documents} documents", flush=True)
        self.manifest = make(folder / "corpus", documents)
        lines = self.manifest.read_text(encoding="utf-8").splitlines()
        self.few = self.manifest.with_name("few.csv")
        self.few.write_text("\n".join(lines[: subset + 1]) + "\n", encoding="utf-8")
        self.quarter = self.manifest.with_name("quarter.csv")
        self.quarter.write_text("\n".join(lines[: documents // 4 + 1]) + "\n", encoding="utf-8")
        self.number = 0
        self.first: dict[tuple[Path, str], list[bytes]] = {}
        self.runs: dict[tuple[str, int, int], Run] = {}

    def run(self, source: Path, model: str, *options: object, watch: Callable[[int], None] = lambda _: None) -> Run:
        """Run it, and hold its tables against those of the first run of the same."""
        self.number += 1
        output = self.folder / f"out{self.number}.parquet"
        print(f"{source.name} {model} {' '.join(map(str, options))}", flush=True)
        found = corpus(source, output, "--model", model, *options, watch=watch)
        self.check(source, model, output)
        return found

    def check(self, source: Path, model: str, output: Path) -> None:
        made = tables(output)
        if self.first.setdefault((source, model), made) != made:
            raise SystemExit(f"{output} differs from the first run of the same documents")

    def throughput(self) -> Iterator[str]:
        yield "| model | documents | workers | threads of each | s | documents a minute | times one worker | processor s | others |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for model, source, count in (("small", self.manifest, self.documents), ("standard", self.few, self.subset)):
            for workers, threads in ((1, 1), (2, 1), *([(1, 2)] if model == "standard" else [])):
                run = self.known(model, workers, threads, source)
                one = self.runs[model, 1, 1]
                yield (
                    f"| `{model}` | {count} | {workers} | {threads} | {run.seconds:.0f} | {60 * count / run.seconds:.0f} "
                    f"| {one.seconds / run.seconds:.2f} | {run.cpu:.0f} | {run.others:.0%} |"
                )

    def known(self, model: str, workers: int, threads: int, source: Path) -> Run:
        """A run that several parts need is made once."""
        key = (model, workers, threads)
        if key not in self.runs:
            self.runs[key] = self.run(source, model, "--workers", workers, "--threads", threads)
        return self.runs[key]

    def memory(self) -> Iterator[str]:
        yield "| `small`, two workers, resident MB | command | with its children |"
        yield "|---|---|---|"
        quarter = self.run(self.quarter, "small", "--workers", 2)
        whole = self.known("small", 2, 1, self.manifest)
        yield f"| most, {self.documents // 4} documents | {quarter.peak[0]:.0f} | {quarter.peak[1]:.0f} |"
        yield f"| most, {self.documents} documents | {whole.peak[0]:.0f} | {whole.peak[1]:.0f} |"
        for share in (0.1, 0.25, 0.5, 0.75, 1):
            yield f"| up to document {share * self.documents:.0f} of {self.documents} | | {whole.at(share, self.documents):.0f} |"

    def resume(self) -> Iterator[str]:
        output = self.folder / "killed.parquet"
        whole = self.known("small", 2, 1, self.manifest)
        options = (self.manifest, output, "--model", "small", "--workers", 2)
        killed = corpus(*options, kill_at=self.documents // 2)
        done = len(list((output.with_name(output.name + ".unfinished") / "parts").glob("*.part")))
        again = corpus(*options)
        self.check(self.manifest, "small", output)
        yield (
            f"Killed (SIGKILL) after {killed.seconds:.0f} s with {done} of {self.documents} documents done; the same command "
            f"again took {again.seconds:.0f} s for the rest, both together {(killed.seconds + again.seconds) / whole.seconds:.2f} "
            "times the run that was not killed. The tables are the same bytes."
        )

    def dask(self) -> Iterator[str]:
        yield "| workers of one thread, `small` | s | documents a minute | times one worker | processor s | others |"
        yield "|---|---|---|---|---|---|"
        one: Run | None = None
        for count, kill in ((1, False), (2, False), (2, True)):
            self.number += 1
            with cluster(self.folder / f"dask{self.number}", count) as (address, members):
                before = sum(used(each.pid) for each in members)

                def watch(done: int, *, first: subprocess.Popen[bytes] = members[0], kill: bool = kill) -> None:
                    if kill and done >= self.documents // 3 and first.poll() is None:
                        first.kill()

                run = self.run(self.manifest, "small", "--scheduler", address, watch=watch)
                if kill and members[0].poll() is None:  # it was done too soon
                    raise SystemExit("the worker was not killed in time")
                cpu = run.cpu + (0 if kill else sum(used(each.pid) for each in members) - before)
            one = one or run
            what = f"{count} worker{'s' if count > 1 else ''}{', one killed midway' if kill else ''}"
            rate = f"{60 * self.documents / run.seconds:.0f} | {one.seconds / run.seconds:.2f}"
            others = max(0.0, run.others - (cpu - run.cpu) / (run.seconds * (os.cpu_count() or 1)))
            yield f"| {what} | {run.seconds:.0f} | {rate} | {'-' if kill else f'{cpu:.0f}'} | {'-' if kill else f'{others:.0%}'} |"

    def about(self) -> str:
        size = sum(path.stat().st_size for path in self.manifest.parent.rglob("*.*")) / 1e6
        return (
            f"{self.documents} fictional documents, half DOCX, half PDF, {size:.0f} MB (`python -m tests.benchmarks.make_corpus`). "
            f"Whole commands ({machine()}), from start to tables; all that read the same documents with the same model gave the "
            'same bytes. "Others" is what other processes took of all processor time meanwhile: where it is not near 0, seconds '
            f"and ratios say little, and processor seconds more. Load when it began: {self.load:.1f}."
        )

    def lines(self, part: str) -> list[str]:
        """A section."""
        title, body = {
            "throughput": ("A corpus: one worker and two", self.throughput),
            "memory": ("A corpus: memory", self.memory),
            "resume": ("A corpus: killed and resumed", self.resume),
            "dask": ("A corpus: on a Dask cluster", self.dask),
        }[part]
        return [f"## {title}", "", self.about(), "", *body()]


def main() -> None:
    parser = argparse.ArgumentParser(description="A corpus, measured.")
    parser.add_argument("--documents", type=int, default=ENOUGH)
    parser.add_argument("--subset", type=int, default=30, help="documents for the model standard")
    parser.add_argument("--only", action="append", choices=PARTS, help="these parts; all if not given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), options.documents, options.subset)
        for part in options.only or PARTS:
            lines = bench.lines(part)
            print("\n".join(lines), flush=True)
            if options.documents >= ENOUGH:
                write_section(f"corpus_{part}", lines, by="corpus.py")
            else:
                print("\nnot written: too few documents")


if __name__ == "__main__":
    main()
