"""The Dockerfile as far as it can be tried without an engine: what it says, and what it starts.

Its last command is run where there is no network, and where nothing but one folder can be written.
"""

from __future__ import annotations

import ast
import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "Dockerfile").read_text()
TOKEN = "0123456789abcdefghijklmnopqrstuv"


def instructions() -> list[tuple[str, str]]:
    """Each instruction and what follows it, on one line."""
    lines = [line for line in TEXT.splitlines() if not line.lstrip().startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    return [
        (words[0], words[1].strip())
        for line in whole.splitlines()
        if len(words := line.strip().split(None, 1)) == 2
    ]


ALL = instructions()
LAST = ALL[max(at for at, (name, _) in enumerate(ALL) if name == "FROM") :]


def of(name: str, among: list[tuple[str, str]] = ALL) -> list[str]:
    return [rest for each, rest in among if each == name]


def environment() -> dict[str, str]:
    """What the image sets for its command."""
    return dict(part.split("=", 1) for rest in of("ENV", LAST) for part in shlex.split(rest))


def test_its_instructions_are_dockers() -> None:
    known = {"FROM", "RUN", "ENV", "WORKDIR", "COPY", "ARG", "USER", "EXPOSE", "HEALTHCHECK"}
    assert {name for name, _ in ALL} == known | {"ENTRYPOINT"}


def test_both_stages_begin_with_one_image_that_a_digest_names() -> None:
    first, *stages = of("FROM")
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+@sha256:[0-9a-f]{64} AS base", first)
    assert stages == ["base AS build", "base"]


def test_nothing_is_fetched_and_run_blindly() -> None:
    assert not re.search(r"^ADD|curl|wget|https?://(?!127\.0\.0\.1:5380/)", TEXT, re.MULTILINE)
    installed = [part for run in of("RUN") for part in run.split("&&") if "pip install" in part]
    hashed = ["--no-deps --require-hashes" in part for part in installed]
    # Then what torch needs, and this package.
    assert hashed == [True, True, False, False]
    # No address of an index: whoever builds may name one.
    assert of("ARG") == ['TORCH_INDEX=""']


def test_it_runs_as_a_numbered_user_without_rights() -> None:
    (user,) = of("USER", LAST)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    after = LAST[LAST.index(("USER", user)) :]
    assert not {"RUN", "COPY"} & {name for name, _ in after}
    assert "apt-get" not in "".join(of("RUN", LAST))


def test_it_looks_for_nothing_on_the_hub() -> None:
    assert environment()["HF_HUB_OFFLINE"] == "1"


def test_what_it_copies_is_there_and_is_sent() -> None:
    sources = [
        source
        for rest in of("COPY")
        if not rest.startswith("--from")
        for source in shlex.split(rest)[:-1]
    ]
    ignored = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] != "#"
    ]
    assert ignored[0] == "*"
    sent = {line[1:] for line in ignored if line.startswith("!")}
    assert set(sources) == sent
    for source in sources:
        assert (ROOT / source).exists()
        assert not any(fnmatch.fnmatch(source, line) for line in ignored[1:] if line[0] != "!")
    for private in (".git", ".venv", "tests", ".ci"):
        assert not any(Path(each).is_relative_to(private) for each in sent)


def test_its_scripts_find_torch_in_the_lock() -> None:
    """The small programs between the quotes do what they are there for."""
    (program,) = re.findall(r"sed -n '([^']*)'", TEXT)
    found = subprocess.run(
        ["sed", "-n", program, "requirements.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert re.fullmatch(r"torch==[\d.]+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n){8,}", found)
    lock = (ROOT / "requirements.lock").read_text()
    assert len(re.findall(r"^torch==[^ ;]*", lock, re.MULTILINE)) == 1


def test_its_health_is_asked_at_the_port_that_it_serves() -> None:
    (health,) = of("HEALTHCHECK")
    command = json.loads(health[health.index("[") :])
    ast.parse(command[2])
    entry = json.loads(of("ENTRYPOINT")[0])
    port = entry[entry.index("--port") + 1]
    assert f"127.0.0.1:{port}/healthz" in command[2]
    assert of("EXPOSE") == [port]


# Runs in namespaces of its own: a network that ends at this machine, a disk that cannot be written.
CONFINED = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$WRITABLE"
mount -o remount,bind,ro /
ip link set lo up
touch "$PACKAGE/written" 2>/dev/null && exit 3
"$@" >"$WRITABLE/said" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
for _ in $(seq 240); do
  if "$PYTHON" -c "$HEALTH" 2>/dev/null; then break; fi
  kill -0 $server || { cat "$WRITABLE/said"; exit 4; }
  sleep 0.5
done
"$PYTHON" -c "$ASK"
trap - EXIT
kill -TERM $server
wait $server
"""
ASK = """
import json, os, urllib.request
def ask(path, body=None):
    headers = {"Authorization": "Bearer " + os.environ["LIT_PLUGINS_TOKEN"],
               "Content-Type": "application/json", "Host": "lit.example.org"}
    request = urllib.request.Request("http://127.0.0.1:5380" + path, body, headers)
    return urllib.request.urlopen(request, timeout=120).read()
assert b"<html" in ask("/?models=sentiment-bow").lower()
examples = json.loads(ask("/get_dataset?dataset_name=reviews", b"{}"))
inputs = json.dumps({"inputs": [each["id"] for each in examples[:2]]}).encode()
where = "model=sentiment-bow&dataset_name=reviews"
assert len(json.loads(ask("/get_preds?" + where, inputs))) == 2
method = "interpreter=Integrated%20gradients&"
assert len(json.loads(ask("/get_interpretations?" + method + where, inputs))) == 2
print("answered")
"""


def confined(command: list[str], **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["unshare", "--map-root-user", "--net", "--mount", *command],
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def test_its_command_serves_without_network_and_disk(tmp_path: Path) -> None:
    trial = "mount --make-rprivate / && mount -o remount,bind,ro / && ip link set lo up"
    if shutil.which("unshare") is None or confined(["sh", "-c", trial]).returncode:
        pytest.skip("this machine lets nobody have a network and a disk of their own")
    writable = tmp_path / "writable"
    writable.mkdir()
    own = {
        name: value.replace("/tmp", str(writable))
        for name, value in environment().items()
        if name != "PATH"
    }
    entry = json.loads(of("ENTRYPOINT")[0])
    (health,) = of("HEALTHCHECK")
    done = confined(
        [
            *("sh", "-c", CONFINED, "sh", sys.executable, "-m", "lit_plugins.cli", *entry[1:]),
            *("--model", "sentiment-bow", "--allowed-host", "lit.example.org"),
            *("--data-dir", str(writable / "data")),
        ],
        **own,
        PYTHONPATH=str(ROOT),
        PYTHON=sys.executable,
        PACKAGE=str(ROOT / "lit_plugins"),
        WRITABLE=str(writable),
        TMPDIR=str(writable),
        HEALTH=json.loads(health[health.index("[") :])[2],
        ASK=ASK,
        LIT_PLUGINS_TOKEN=TOKEN,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "answered\n"
