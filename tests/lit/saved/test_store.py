import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.lit.saved import store as store_module
from lit_plugins.lit.saved.store import Store

FIELDS = ("sentence", "label")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "texts.added.jsonl"


def a_store(path, **limits):
    return Store(path, FIELDS, **limits)


def point(id_, text="a text", label="positive", **meta):
    return id_, {"sentence": text, "label": label}, meta


def test_what_is_saved_is_there_for_another_store(path):
    a_store(path).add([point("a", "naïve 😀\nline\u2028 end", None), point("b", source="HotFlip")])
    contents = a_store(path).read()
    assert list(contents.saved) == ["a", "b"]
    assert contents.saved["a"].data == {"sentence": "naïve 😀\nline\u2028 end", "label": None}
    assert contents.saved["b"].meta == {"source": "HotFlip"}
    assert contents.saved["a"].at.endswith("+00:00")
    assert contents.fields == FIELDS
    assert contents.damaged == ()
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_that_is_there_already_stays_as_it_was(path):
    store = a_store(path)
    store.add([point("a", "first"), point("a", "second")])
    before = path.read_bytes()
    assert store.add([point("a", "third")]).saved["a"].data["sentence"] == "first"
    assert path.read_bytes() == before


def test_what_was_removed_can_be_saved_again(path):
    one, other = a_store(path), a_store(path)
    one.add([point("a", "first"), point("b")])
    assert list(other.remove(["a", "unknown"]).saved) == ["b"]
    assert list(one.read().saved) == ["b"]
    assert one.add([point("a", "second")]).saved["a"].data["sentence"] == "second"
    assert list(other.read().saved) == ["b", "a"]


def test_nothing_is_made_where_nothing_is_saved(path):
    store = a_store(path)
    assert store.read().saved == {}
    store.remove(["a"])
    store.add([])
    assert not path.exists()


def test_two_stores_and_many_threads_lose_nothing(path):
    stores = [a_store(path), a_store(path)]

    def save(number):
        stores[number % 2].add([point(f"{number}-{each}") for each in range(3)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(40)))
    wanted = {f"{number}-{each}" for number in range(40) for each in range(3)}
    for store in (*stores, a_store(path)):
        assert set(store.read().saved) == wanted
    assert len({store.read().revision for store in stores}) == 1


def test_the_revision_changes_with_the_file(path):
    store = a_store(path)
    seen = [store.read().revision]
    seen.append(store.add([point("a")]).revision)
    seen.append(store.remove(["a"]).revision)
    assert len(set(seen)) == 3
    assert store.read().revision == seen[-1] == a_store(path).read().revision


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"saved": {"id": "x", "data": {"sentence": NaN}, "meta": {}}, "at": ""}',
        b'{"saved": {"id": "x", "data": {"sentence": 1e999}, "meta": {}}, "at": ""}',
        b'{"saved": {"id": "x", "data": {"sentence": ["a"]}, "meta": {}}, "at": ""}',
        b'{"saved": {"id": "x", "data": {"sentence": "\\ud800"}, "meta": {}}, "at": ""}',
        b'{"saved": {"id": "../x", "data": {}, "meta": {}}, "at": ""}',
        b'{"saved": {"id": "x", "data": {}, "meta": {"source": 1}}, "at": ""}',
        b'{"saved": {"id": "x", "data": {}, "meta": {}}}',
        b'{"saved": "x", "at": ""}',
        b'{"removed": 1}',
        b'{"fields": [1]}',
    ],
)
def test_a_damaged_line_is_left_out_by_its_number(path, line):
    a_store(path).add([point("a"), point("b")])
    head, *lines = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(b"\n".join([head, lines[0], line, lines[1], b""]))
    store = a_store(path)
    contents = store.read()
    assert list(contents.saved) == ["a", "b"]
    assert contents.damaged == ((3,) if line else ())
    assert list(store.add([point("c")]).saved) == ["a", "b", "c"]


@pytest.mark.parametrize("kept", [0, 1, 20, -1])
def test_a_last_line_that_was_never_ended_harms_no_other(path, kept):
    a_store(path).add([point("a")])
    whole = path.read_bytes()
    a_store(path).add([point("b")])
    last = path.read_bytes()[len(whole) :]
    path.write_bytes(whole + last[:kept])
    open_before = a_store(path)
    assert list(open_before.read().saved) == ["a"]
    assert open_before.read().damaged == (() if kept == 0 else (3,))
    saved = list(open_before.add([point("c")]).saved)
    # Of a line that lacks nothing but its end, nothing is lost.
    assert saved == (["a", "b", "c"] if kept == -1 else ["a", "c"])
    assert list(a_store(path).read().saved) == saved


def fail_after(monkeypatch, written, code):
    """Lets the next writes put that many bytes on the disk and fail."""
    write = os.write

    def half(file, data):
        write(file, data[:written])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("lit_plugins.lit.saved.line_file.os.write", half)


@pytest.mark.parametrize("written", [0, 10, 200])
def test_a_write_that_fails_leaves_nothing(path, monkeypatch, written):
    store = a_store(path)
    store.add([point("a")])
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        fail_after(patched, written, errno.ENOSPC)
        with pytest.raises(UserError, match="no room left on the server's disk") as refused:
            store.add([point("b"), point("c")])
        with pytest.raises(UserError, match="so nothing was changed"):
            store.remove(["a"])
    assert str(path.parent) not in str(refused.value)
    assert path.read_bytes() == before
    assert list(store.read().saved) == ["a"]
    assert list(store.add([point("b")]).saved) == ["a", "b"]


def test_a_write_that_ends_early_leaves_nothing(path, monkeypatch):
    store = a_store(path)
    store.add([point("a")])
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda file, data: write(file, data[: len(data) // 2]))
        with pytest.raises(UserError, match="no room left"):
            store.add([point("b"), point("c")])
    assert list(a_store(path).read().saved) == ["a"]
    assert a_store(path).read().damaged == ()


def test_what_does_not_reach_the_disk_is_not_saved(path, monkeypatch):
    store = a_store(path)
    store.add([point("a")])
    fsync = os.fsync
    fails = [OSError(errno.EIO, os.strerror(errno.EIO))]

    def flush(file):
        if fails:
            raise fails.pop()
        fsync(file)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", flush)
        with pytest.raises(UserError, match=r"cannot be used \(Input/output error\)"):
            store.add([point("b")])
    assert list(store.read().saved) == list(a_store(path).read().saved) == ["a"]


def test_there_are_bounds(path):
    store = a_store(path, most=3)
    store.add([point("a"), point("b")])
    with pytest.raises(TooLarge, match="There would be 4 saved datapoints, and a dataset may have"):
        store.add([point("c"), point("d")])
    assert list(store.add([point("a"), point("c")]).saved) == ["a", "b", "c"]
    small = a_store(path.with_name("small.added.jsonl"), most_bytes=2**10)
    with pytest.raises(TooLarge, match=r"more than 0\.000977 MB: remove some"):
        small.add([point("a", "long " * 300)])
    assert small.read().saved == {}


def test_what_was_removed_takes_up_no_room(path):
    store = a_store(path, most_bytes=2**10)
    for at in range(5):
        store.add([point(str(at), "long " * 150)])
        with pytest.raises(TooLarge, match="remove some"):
            store.add([point("more", "long " * 150)])
        assert store.remove([str(at)]).saved == {}
    assert store.add([point("last", "short")]).damaged == ()


def test_a_file_of_many_removals_is_written_anew(path, monkeypatch):
    monkeypatch.setattr(store_module, "_FEW", 20)
    store, other = a_store(path), a_store(path)
    store.add([point("kept")])
    largest = 0
    for at in range(100):
        store.add([point(f"gone-{at}")])
        store.remove([f"gone-{at}"])
        largest = max(largest, len(path.read_bytes().splitlines()))
    assert largest < 30
    assert list(store.read().saved) == list(other.read().saved) == ["kept"]
    assert other.add([point("more")]).revision == store.read().revision
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "texts.added.jsonl",
        "texts.added.jsonl.lock",
    ]


def test_where_there_is_no_room_to_write_it_anew_it_goes_on(path, monkeypatch):
    monkeypatch.setattr(store_module, "_FEW", 2)
    store = a_store(path)
    store.add([point("a"), point("b"), point("c")])
    store.remove(["a", "b"])
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "")))
    assert list(store.add([point("d")]).saved) == ["c", "d"]
    assert not list(path.parent.glob("*.new"))
    path.with_name(f"{path.name}.new").write_text("of a process that was killed")
    monkeypatch.undo()
    monkeypatch.setattr(store_module, "_FEW", 2)
    assert list(store.add([point("e")]).saved) == ["c", "d", "e"]
    assert not list(path.parent.glob("*.new"))


def test_a_file_that_was_taken_away_or_cut_is_read_anew(path):
    store = a_store(path)
    store.add([point("a"), point("b")])
    path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:2]) + b"\n")
    assert list(store.read().saved) == ["a"]
    path.unlink()
    assert store.read().saved == {}
    assert list(store.add([point("c")]).saved) == ["c"]
    assert json.loads(path.read_text().splitlines()[0]) == {"fields": list(FIELDS)}


def test_a_file_of_another_dataset_says_so(path):
    Store(path, ("text", "stars")).add([("a", {"text": "a", "stars": 5}, {})])
    store = a_store(path)
    assert store.read().fields == ("text", "stars")
    assert store.add([point("b")]).fields == FIELDS


def test_a_link_is_not_followed(path, tmp_path):
    outside = tmp_path / "outside"
    path.symlink_to(outside)
    with pytest.raises(UserError, match=r"texts\.added\.jsonl of the data folder cannot be used"):
        a_store(path).read()
    with pytest.raises(UserError, match="cannot be used"):
        a_store(path).add([point("a")])
    assert not outside.exists()


def test_a_folder_that_is_gone_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match=r"cannot be used \(No such file or directory\)"):
        Store(tmp_path / "gone" / "a.added.jsonl", FIELDS).read()
