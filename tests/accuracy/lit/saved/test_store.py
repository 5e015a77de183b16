"""Whatever a file holds, and whoever writes to it: nothing is lost that users have added."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lit_plugins.lit.saved.store import Store

EXAMPLES, STEPS = (1_000, 50) if os.environ.get("LIT_PLUGINS_SOAK") else (30, 25)

IDS = st.sampled_from([f"id{number}" for number in range(8)])
TEXTS = st.text(max_size=20) | st.just("long " * 2_000)


def line_of(id_: str, **more: object) -> str:
    point = {"id": id_, "data": {"sentence": f"of {id_}"}, "meta": {}}
    return json.dumps({"saved": point, "at": "2030-01-01T00:00:00+00:00", **more})


# By others: whole, of a later version, of another encoding, pretty-printed, cut, of no form at all.
GOOD = st.integers(0, 9).map(lambda number: line_of(f"other{number}"))
FOREIGN = st.one_of(
    GOOD.map(lambda line: f"{line}\n".encode()),
    GOOD.map(lambda line: f"\ufeff{line}\r\n".encode()),
    GOOD.map(lambda line: f"{line}\n".encode("utf-16")),
    GOOD.map(lambda line: f"{json.dumps(json.loads(line), indent=2)}\n".encode()),
    GOOD.map(lambda line: line.encode()),
    GOOD.map(lambda line: line[:-3].encode()),
    st.just(f"{line_of('later', by='me', tags=['a'])}\n".encode()),
    st.just(b'{"renamed": "id1", "to": "id2"}\n{"fields": ["sentence", "mood"]}\n'),
    st.just(b"x" * 100_000 + b"\n"),
    st.binary(max_size=30),
)


class Writers(RuleBasedStateMachine):
    """Two servers on one file, people with editors, and a model of what should be there."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "texts.added.jsonl"
        self.before = b""
        self.saved: dict[str, str] = {}
        self.removed: dict[str, str] = {}
        self.stores = [self.started(), self.started()]

    def started(self, fields: tuple[str, ...] = ("sentence", "label")) -> Store:
        return Store(self.path, fields)

    @initialize(parts=st.lists(FOREIGN, max_size=4))
    def begin(self, parts: list[bytes]) -> None:
        self.path.write_bytes(b"".join(parts))
        self.before = self.path.read_bytes()

    @rule(at=st.integers(0, 1), id_=IDS, text=TEXTS)
    def add(self, at: int, id_: str, text: str) -> None:
        contents = self.stores[at].add([(id_, {"sentence": text, "label": None}, {})])
        if id_ not in self.saved:
            self.saved[id_] = text
            self.removed.pop(id_, None)
        assert contents.saved[id_].data["sentence"] == self.saved[id_]

    @rule(at=st.integers(0, 1), ids=st.lists(IDS, max_size=3))
    def remove(self, at: int, ids: list[str]) -> None:
        self.stores[at].remove(ids)
        self.removed.update({id_: self.saved.pop(id_) for id_ in {*ids} & self.saved.keys()})

    @rule(at=st.integers(0, 1), ids=st.lists(IDS, max_size=3))
    def restore(self, at: int, ids: list[str]) -> None:
        self.stores[at].restore(ids)
        self.saved.update({id_: self.removed.pop(id_) for id_ in {*ids} & self.removed.keys()})

    @rule(at=st.integers(0, 1), fields=st.sampled_from([("sentence", "label"), ("sentence",)]))
    def restart(self, at: int, fields: tuple[str, ...]) -> None:
        self.stores[at] = self.started(fields)

    @rule(part=FOREIGN)
    def another_program_adds(self, part: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(part)

    @rule()
    def an_editor_writes_it_again(self) -> None:
        new = self.path.with_name("new")
        new.write_bytes(self.path.read_bytes())
        new.replace(self.path)

    @rule()
    def it_is_away_for_a_while(self) -> None:
        away = self.path.with_name("away")
        self.path.rename(away)
        assert self.stores[0].read().saved == {}
        away.rename(self.path)

    @invariant()
    def nothing_is_lost(self) -> None:
        data = self.path.read_bytes() if self.path.exists() else b""
        assert data.startswith(self.before)
        self.before = data
        fresh = self.started()
        contents = fresh.read()
        for store in self.stores:
            again = store.read()
            assert (again.saved, again.removed) == (contents.saved, contents.removed)
            assert (again.unreadable, again.fields) == (contents.unreadable, contents.fields)
            assert again.revision == contents.revision
        ours = {id_: point for id_, point in contents.saved.items() if id_.startswith("id")}
        assert {id_: point.data["sentence"] for id_, point in ours.items()} == self.saved
        away = {
            point.id: point.data["sentence"]
            for removal in fresh.removals(most=100, shown=100)
            for point in removal.first
        }
        assert away == self.removed

    def teardown(self) -> None:
        self.folder.cleanup()


Writers.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    database=None,
)
TestWriters = Writers.TestCase
