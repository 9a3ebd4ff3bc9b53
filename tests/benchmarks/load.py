"""The service under load: `wrk` (of Debian's packages) sends paragraphs over loopback while health and memory are watched.

python -m tests.benchmarks.load                     two minutes each; writes the table in the README beside this file
python -m tests.benchmarks.load --soak 600          ten minutes of 32 clients, memory by the minute
python -m tests.benchmarks.load --seconds 5 --model small     a try, which writes nothing

It ends with 1 if something that the service promises did not hold.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scr_tone.labelled import read_labelled_folder
from tests.benchmarks.table import machine, write_section

ROOT = Path(__file__).resolve().parents[2]
#: What a run must last for its figures to be written.
LONG_ENOUGH = 120
#: The longest that health may take, in seconds.
PATIENCE = 1.0
#: How much the memory may grow in the second half of a run.
GROWTH = 0.05
PARAGRAPHS = 2_000
#: Of labels, about as in whole real documents: explaining blame takes longer than finding none.
SHARES = {"blame": 0.07, "learning": 0.2, "accountability": 0.05, "neutral": 0.68}


@dataclass
class Watched:
    """What was seen of the server from outside, about four times a second.

    Attributes
    ----------
    health : list of float
        Seconds until it said that it is well; infinity where it did not say so.
    memory : list of (float, float)
        Seconds since the start, resident MB.
    """

    health: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)


@dataclass
class Run:
    """One run: what `wrk` counted, and what was seen meanwhile."""

    clients: int
    settings: dict[str, str]
    counted: dict[str, float]
    watched: Watched
    alive: bool

    @property
    def rate(self) -> float:
        return self.counted["answered"] / self.counted["seconds"]

    @property
    def growth(self) -> float:
        """From the middle third to the last tenth, as medians; the start is left out, as there the memory is first taken."""
        seen = [memory for _, memory in self.watched.memory]
        middle, end = seen[len(seen) // 3 : 2 * len(seen) // 3], seen[-max(1, len(seen) // 10) :]
        return statistics.median(end) / statistics.median(middle or end) - 1

    def broken_promises(self) -> Iterator[str]:
        """What did not hold."""
        if not self.alive:
            yield "the server ended"
        if self.counted["other"] or self.counted["broken"] or self.counted["late"]:
            yield f"replies other than 200, 429 and 503, broken connections or time-outs: {self.counted}"
        if max(self.watched.health) > PATIENCE:
            yield f"health took {max(self.watched.health):.2f} s"
        if self.growth > GROWTH:
            yield f"memory grew by {self.growth:.1%} in the second half"
        if self.clients <= 32 and (self.counted["busy"] or self.counted["too_often"]):
            yield f"{self.clients} clients were refused"
        if not self.counted["answered"]:
            yield "nothing was answered"


def write_requests(path: Path) -> None:
    """Paragraphs of three to six authored sentences, two thirds as editors send them; each is made new by a number."""
    sentences: dict[str, list[str]] = {label: [] for label in SHARES}
    for each in read_labelled_folder(ROOT / "data" / "authored"):
        if each.text.endswith("."):
            sentences[each.label].append(each.text)
    chosen = random.Random(0)
    lines = []
    for number in range(PARAGRAPHS):
        labels = chosen.choices(list(SHARES), list(SHARES.values()), k=chosen.randint(3, 6))
        paragraph = " ".join(f"{chosen.choice(sentences[label])[:-1]} (item @@@)." for label in labels)
        if number % 3:
            form = urllib.parse.urlencode({"text": paragraph, "language": "en-GB"}).replace("%40%40%40", "@@@")
            lines.append(f"/v2/check\tapplication/x-www-form-urlencoded\t{form}")
        else:
            lines.append(f"/v1/analyse\tapplication/json\t{json.dumps({'text': paragraph})}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def server(model: str | None, settings: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A `scr-tone serve` with these settings, ended afterwards; gives its process and port."""
    command = [sys.executable, "-m", "scr_tone", "serve", "--port", "0", *(["--model", model] if model else [])]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SCR_TONE_")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**clean, **settings}, cwd=ROOT) as process:
        assert process.stderr is not None
        found = re.search(r"http://[^ ]*:(\d+) ", process.stderr.readline())
        if not found:
            raise SystemExit(f"the server did not start: {process.stderr.read()}")
        try:
            yield process, int(found[1])
        finally:
            process.terminate()


def watch(process: subprocess.Popen[str], port: int, until: threading.Event, seen: Watched) -> None:
    """Ask for health, on a new connection each time, and note the memory."""
    began = time.monotonic()
    while not until.is_set():
        asked = time.monotonic()
        seen.health.append(float("inf"))
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/v1/health")
            if connection.getresponse().status == 200:
                seen.health[-1] = time.monotonic() - asked
            connection.close()
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            seen.memory.append((asked - began, int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024))
        except (OSError, TypeError):  # it is gone, or too busy
            pass
        until.wait(0.25)


def load(clients: int, seconds: int, model: str | None, **settings: str) -> Run:
    """Run `wrk` against a new server."""
    with tempfile.TemporaryDirectory() as folder, server(model, settings) as (process, port):
        requests = Path(folder) / "requests.txt"
        write_requests(requests)
        seen, until = Watched(), threading.Event()
        watcher = threading.Thread(target=watch, args=(process, port, until, seen))
        watcher.start()
        try:
            done = subprocess.run(
                ["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", Path(__file__).with_suffix(".lua"),
                 f"http://127.0.0.1:{port}", "--", requests],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
        finally:
            until.set()
            watcher.join()
        counted = json.loads(re.search(r"^RESULT (.*)$", done.stdout, re.MULTILINE)[1])
        return Run(clients, settings, counted, seen, process.poll() is None)


def row(run: Run) -> str:
    counted, memory = run.counted, [memory for _, memory in run.watched.memory]
    limit = run.settings.get("SCR_TONE_RATE_PER_MINUTE", "0")
    limit = "none" if limit == "0" else limit
    # Refusals come at once, so that a percentile over all replies would say nothing of those that were worked on.
    answered_only = not (counted["busy"] or counted["too_often"])
    times = f"{counted['p50']:.2f} | {counted['p95']:.2f} | {counted['longest']:.2f}" if answered_only else "- | - | -"
    return (
        f"| {run.clients} | {limit} | {counted['seconds']:.0f} | {counted['answered']:,.0f} | {run.rate:.1f} | {times} "
        f"| {counted['busy']:,.0f} | {counted['too_often']:,.0f} | {counted['other'] + counted['broken'] + counted['late']:.0f} "
        f"| {max(run.watched.health):.2f} | {memory[0]:.0f} / {max(memory):.0f} | {100 * run.growth:+.1f}% |"
    )


HEAD = [
    "| clients | limit a minute | s | answered | a second | median s | p95 s | longest s | 503 | 429 | other errors "
    "| slowest health s | MB first / most | growth |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
]
ABOUT = (
    "`wrk` on loopback, on the same cores as the server ({machine}; model `{model}`): each client sends paragraphs of three to "
    "six sentences with the label shares of real documents, none of which the service has seen before, the next as soon as the "
    "last was answered or refused; two thirds to `/v2/check`, the others to `/v1/analyse`. Health is asked for four times a "
    "second. Growth: resident memory at the end against that in the middle third."
)


def by_minute(run: Run) -> list[str]:
    minutes = [
        (minute, statistics.median(memory for _, memory in group))
        for minute, group in itertools.groupby(run.watched.memory, key=lambda each: int(each[0] // 60))
    ]
    return ["", "Resident MB, minute by minute: " + ", ".join(f"{memory:.0f}" for _, memory in minutes) + "."]


def main() -> None:
    parser = argparse.ArgumentParser(description="The service under load.")
    parser.add_argument("--seconds", type=int, default=LONG_ENOUGH, help="length of each run")
    parser.add_argument("--soak", type=int, metavar="SECONDS", help="one long run of 32 clients instead")
    parser.add_argument("--model", help="another model than the default")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed; it is a package of Debian")

    if options.soak:
        runs = [load(32, options.soak, options.model)]
    else:
        runs = [
            load(32, options.seconds, options.model, SCR_TONE_RATE_PER_MINUTE="0"),
            load(200, options.seconds, options.model, SCR_TONE_RATE_PER_MINUTE="0"),
            load(200, options.seconds, options.model, SCR_TONE_RATE_PER_MINUTE="600"),
        ]
    title = "A long time" if options.soak else "Under load"
    about = ABOUT.format(machine=machine(), model=options.model or "standard")
    lines = [f"## {title}", "", about, "", *HEAD, *map(row, runs), *(by_minute(runs[0]) if options.soak else [])]
    print("\n".join(lines))
    if (options.soak or options.seconds) >= LONG_ENOUGH and options.model is None:
        write_section("soak" if options.soak else "load", lines, by="load.py --soak" if options.soak else None)
    else:
        print("\nnot written: too short, or not the default model")
    broken = [f"{run.clients} clients: {promise}" for run in runs for promise in run.broken_promises()]
    if broken:
        raise SystemExit("\n".join(broken))


if __name__ == "__main__":
    main()
