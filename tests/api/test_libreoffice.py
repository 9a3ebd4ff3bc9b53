"""LibreOffice itself, started without a window, asks the service through its own remote grammar checker.

``make libreoffice`` installs what this needs from Debian's packages; where that is not there, it is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from tests.api.ask_libreoffice import CHECKER
from tests.api.conftest import Server
from tests.api.test_languagetool import part

PYTHON = "/usr/bin/python3"  # Debian's, for which the module uno is packaged
#: The longest a start and all the questions may take.
PATIENCE = 90
NASTY_KEY = "correct+horse%41battery"  # read as a form, it would be another
BLAME = "The social worker failed to visit."
#: Paragraphs, their language, and what is underlined in them.
PARAGRAPHS = [
    (BLAME, "en-GB", ["failed to"]),
    (f"😀 Anna 👩‍👩‍👧 moved \U00020000. {BLAME}", "en-GB", ["failed to"]),
    (f"Health & Housing met = once; 50%20 + 3 “é” 😀. {BLAME}", "en-GB", ["failed to"]),
    (f"{BLAME} 😀😀 It was wholly unacceptable.", "en-US", ["failed to", "wholly unacceptable"]),
    ("Anna moved on 3 May 😀.", "en-GB", []),
    (f"“{BLAME}”", "en-GB", []),
    ("The nurse failed to ring.", "de-DE", []),  # the service is told the language, and believes it
]
_PATH = "/org.openoffice.Office.Linguistic/GrammarChecking/LanguageTool"


def what_is_missing() -> str | None:
    if shutil.which("soffice") is None:
        return "LibreOffice is not installed"
    if (
        not Path(PYTHON).exists()
        or subprocess.run([PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode
    ):
        return "the module uno of Debian's Python (package python3-uno) is not installed"
    return None


pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module", autouse=True)
def libreoffice(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--run-libreoffice"):
        return
    missing = what_is_missing()
    if missing:
        pytest.skip(f"{missing}; make libreoffice installs it")


def answers(folder: Path, **options: str) -> dict:
    """What LibreOffice finds in the paragraphs, in a profile of its own with these settings and no others."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{_PATH}"><prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop></item>'
        for name, value in options.items()
    )
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
    pipe = f"scr_tone_{os.getpid()}_{folder.name}"
    office = subprocess.Popen(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nodefault",
         f"--accept=pipe,name={pipe};urp"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        question = {"pipe": pipe, "paragraphs": [paragraph[:2] for paragraph in PARAGRAPHS]}
        asked = subprocess.run(
            [PYTHON, Path(__file__).with_name("ask_libreoffice.py")],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert asked.returncode == 0, asked.stderr
        return json.loads(asked.stdout)
    finally:
        try:
            office.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(office.pid, signal.SIGKILL)
            office.wait(10)


def check(found: dict) -> None:
    assert found["configured"] == [CHECKER]  # nothing else has to be switched on
    assert {"en-GB", "en-US"} <= set(found["locales"])
    assert [each["text"] for each in found["writer"]] == [text for text, _, _ in PARAGRAPHS]
    for errors in (found["checker"], [each["errors"] for each in found["writer"]]):
        for (text, _, expected), each in zip(PARAGRAPHS, errors, strict=True):
            assert [part(text, error["offset"], error["length"]) for error in each] == expected, text
            for error in each:
                assert error["suggestions"] == []
                assert "leave it" in error["message"]
                assert error["short"] == "May be heard as blame"
                assert error["looks"]["LineColor"] == 0x0000FF  # blue, not the red of spelling


def test_what_writer_underlines(server: Server, tmp_path: Path) -> None:
    check(answers(tmp_path, IsEnabled="true", BaseURL=f"{server.url}/v2"))


def test_with_a_key(serve: Callable[..., Server], tmp_path: Path) -> None:
    server = serve(SCR_TONE_API_KEY=NASTY_KEY)
    check(answers(tmp_path, IsEnabled="true", BaseURL=f"{server.url}/v2", Username="anna", ApiKey=NASTY_KEY))


def test_with_a_wrong_key_nothing_is_underlined_and_nothing_breaks(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve(SCR_TONE_API_KEY="correct-horse-battery-staple")
    found = answers(tmp_path, IsEnabled="true", BaseURL=f"{server.url}/v2", Username="anna", ApiKey="wrong" * 5)
    assert found["checker"] == [[]] * len(PARAGRAPHS)
