import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lit.saved.test_store import a_store
from tests.processes.lit.saved import saving

KILLS = 150 if os.environ.get("LIT_PLUGINS_SOAK") else 5


@pytest.fixture
def path(tmp_path):
    return tmp_path / "texts.added.jsonl"


FULL = """
import resource, signal, sys
from pathlib import Path
from lit_plugins.lit.saved.store import Store
from lit_plugins.errors import UserError
store = Store(Path(sys.argv[1]), ("sentence",))
store.add([("a", {"sentence": "short"}, {})])
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    store.add([(f"long-{each}", {"sentence": "long " * 100}, {}) for each in range(5)])
except UserError as error:
    print(error)
print(*store.add([("b", {"sentence": "short"}, {})]).saved)
"""


def test_a_file_that_may_not_grow_keeps_what_it_has(path):
    process = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True
    )
    sentence, saved = process.stdout.splitlines()
    assert sentence.startswith("There is no room left on the server's disk for texts.added.jsonl")
    assert saved == "a b"
    assert list(a_store(path).read().saved) == ["a", "b"]
    assert a_store(path).read().unreadable == ()


def test_a_kill_at_any_moment_loses_nothing_that_was_answered(path):
    rng = random.Random(0)
    answered: dict[str, str] = {}
    foreign = '{"saved": "of another program"}\n'.encode("utf-16")
    path.write_bytes(foreign)
    process = subprocess.Popen(
        [sys.executable, "-m", saving.__name__, str(path)],
        cwd=Path(__file__).parents[4],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for kill in range(KILLS):
            process.stdin.write(f"{kill * 100_000}\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            time.sleep(rng.random() / 20)
            os.kill(child, signal.SIGKILL)
            before = path.read_bytes()
            while line := process.stdout.readline().split():
                answered.update(dict.fromkeys(line[1:], line[0]))
            store = a_store(path)
            contents = store.read()
            there = set(contents.saved)
            removed = {id_ for id_ in answered if id_ not in there}
            # All but the one deed of each child that was never answered.
            wrong = {id_ for id_ in removed if answered[id_] != "removed"}
            wrong |= {id_ for id_ in there if answered.get(id_, "removed") == "removed"}
            assert len(wrong) <= 3 * (kill + 1)
            restored = a_store(path).restore(removed).saved
            assert set(answered) <= set(restored)
            a_store(path).remove(removed)
            for each in restored.values():
                assert each.data == {"sentence": f"{each.id} " * 200, "label": None}
            assert len(contents.unreadable) <= 2 + kill + 1
            assert path.read_bytes().startswith(before)
            assert before.startswith(foreign)
        process.stdin.close()
    assert answered
