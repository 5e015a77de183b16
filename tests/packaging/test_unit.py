"""The systemd unit: what it may do, as systemd itself rates it, and what it starts."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from lit_plugins.cli.commands import build_parser

UNIT = Path(__file__).resolve().parents[2] / "demos/deploy/lit-plugins.service"
LINES = re.findall(r"^([A-Z]\w+)=(.*)$", UNIT.read_text().replace("\\\n", ""), re.MULTILINE)
MOST_EXPOSED = 20
"""Highest exposure that is accepted, in tenths; systemd calls up to 20 "OK"."""


def test_systemd_finds_little_that_it_may_do() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    analyze = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}"]
    rated = subprocess.run([*analyze, str(UNIT)], capture_output=True, text=True, check=False)
    assert "Overall exposure level" in rated.stdout, rated.stderr
    assert rated.returncode == 0, rated.stdout.splitlines()[-1]


def test_it_reaches_and_is_reached_by_this_machine_only() -> None:
    given = dict(LINES)
    assert (given["IPAddressDeny"], given["IPAddressAllow"]) == ("any", "localhost")
    assert given["CapabilityBoundingSet"] == ""


def test_its_command_is_understood_and_writes_where_it_may() -> None:
    given = dict(LINES)
    program, *words = shlex.split(given["ExecStart"])
    assert program.endswith("/lit-plugins")
    options = build_parser(words).parse_args(words)
    assert options.data_dir == Path("/var/lib", given["StateDirectory"])
    assert options.host == "127.0.0.1"
    written = dict(part.split("=", 1) for part in given["Environment"].split())
    assert written["HOME"] == written["NUMBA_CACHE_DIR"] == f"/var/cache/{given['CacheDirectory']}"
