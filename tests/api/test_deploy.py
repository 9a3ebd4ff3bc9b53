"""The files for those who run the service say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from api.settings import Settings


def test_every_setting_is_in_the_table(root: Path) -> None:
    text = (root / "deploy" / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `SCR_TONE_(\w+)` \| ([^|]*) \|", text, re.MULTILINE))
    assert list(table) == [name.upper() for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "" if default in (None, ()) else str(default).lower()
        assert table[name.upper()].replace(",", "") == shown, name
        assert field.description in text


def test_nobody_is_root(root: Path) -> None:
    container = (root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (\S+)", container, re.MULTILINE)[-1] == "10001:10001"
    assert "SCR_TONE_API_KEY=" not in container  # a key does not belong into an image
    unit = (root / "deploy" / "scr-tone.service").read_text(encoding="utf-8")
    for line in ("DynamicUser=yes", "LimitCORE=0", "NoNewPrivileges=yes", "ProtectSystem=strict", "IPAddressDeny=any"):
        assert f"\n{line}\n" in unit
    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > Settings.model_fields["shutdown_seconds"].default
