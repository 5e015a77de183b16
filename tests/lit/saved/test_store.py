import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from lit_plugins.errors import TooLarge, UserError
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
    assert contents.unreadable == ()
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
        b'{"restored": ["a"]}',
        b'{"removed": "a", "saved": {"id": "x", "data": {}, "meta": {}}, "at": ""}',
        b'{"renamed": "a", "to": "c"}',
        b'{"fields": [1]}',
    ],
)
def test_a_line_that_cannot_be_read_is_left_out_by_its_number_and_stays(path, line):
    a_store(path).add([point("a"), point("b")])
    head, *lines = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(b"\n".join([head, lines[0], line, lines[1], b""]))
    store = a_store(path)
    contents = store.read()
    assert list(contents.saved) == ["a", "b"]
    assert contents.unreadable == ((3,) if line else ())
    before = path.read_bytes()
    assert list(store.add([point("c")]).saved) == ["a", "b", "c"]
    assert path.read_bytes().startswith(before)


@pytest.mark.parametrize("kept", [0, 1, 20, -1])
def test_a_last_line_that_was_never_ended_harms_no_other(path, kept):
    a_store(path).add([point("a")])
    whole = path.read_bytes()
    a_store(path).add([point("b")])
    last = path.read_bytes()[len(whole) :]
    path.write_bytes(whole + last[:kept])
    open_before = a_store(path)
    # A line that lacks nothing but its end is read.
    there = ["a", "b"] if kept == -1 else ["a"]
    for _ in range(2):
        assert list(open_before.read().saved) == there
        assert open_before.read().unreadable == ((3,) if kept in (1, 20) else ())
    saved = list(open_before.add([point("c")]).saved)
    assert saved == [*there, "c"]
    assert list(a_store(path).read().saved) == saved


def test_a_last_line_to_which_more_is_added_is_read_anew(path):
    a_store(path).add([point("a")])
    path.write_bytes(path.read_bytes()[:-1])
    store = a_store(path)
    assert list(store.read().saved) == ["a"]
    with path.open("ab") as file:
        file.write(b"and more\n")
    assert store.read().saved == {}
    assert store.read().unreadable == (2,)


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
    assert a_store(path).read().unreadable == ()


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


def test_what_was_removed_leaves_room_for_others_in_the_dataset(path):
    store = a_store(path, most_bytes=2**10)
    for at in range(5):
        store.add([point(str(at), "long " * 150)])
        with pytest.raises(TooLarge, match="remove some"):
            store.add([point("more", "long " * 150)])
        assert store.remove([str(at)]).saved == {}
    assert store.add([point("last", "short")]).unreadable == ()


def test_a_full_file_takes_removals_and_gives_back_what_was_removed(path):
    store = a_store(path, most_file_bytes=2**12)
    store.add([point("kept", "long " * 100)])

    def fill(steps):
        for step in steps:
            store.add([point(str(step), "long " * 100)])
            store.remove([str(step)])

    def turn_and_turn_back(steps):
        for _ in steps:
            store.remove(["kept"])
            store.restore(["kept"])

    with pytest.raises(TooLarge) as refused:
        fill(range(100))
    assert str(refused.value) == (
        "The file texts.added.jsonl would have more than 0.00391 MB, as it keeps removed texts: "
        "download the saved datapoints, have the file moved elsewhere on the server, and load the "
        "download."
    )
    assert store.remove(["kept"]).saved == {}
    assert store.restore(["kept"]).saved.keys() == {"kept"}
    with pytest.raises(TooLarge, match="would have more than"):
        turn_and_turn_back(range(100))
    assert list(a_store(path).read().saved) == ["kept"]


def test_a_file_that_is_much_larger_than_any_of_ours_is_not_read(path):
    path.write_bytes(b"x" * (2**12 * 4 + 1))
    with pytest.raises(TooLarge, match=r"has 0 MB, and at most 0 MB are read: move it elsewhere"):
        a_store(path, most_file_bytes=2**12).read()


def test_nothing_is_ever_taken_out_of_the_file(path):
    foreign = [
        '{"saved": {"id": "x", "data": {"sentence": "x"}, "meta": {}}, "at": ""}\n'.encode(
            "utf-16"
        ),
        b'{\n  "removed": "a"\n}\r\n',
        b'{"saved": {"id": "y", "data": {"sentence": ["a", "b"]}, "meta": {}}, "at": "2030"}\n',
    ]
    path.write_bytes(b"".join(foreign))
    store = a_store(path)
    texts = [f"text {at}" for at in range(1_200)]
    store.add([point(str(at), text) for at, text in enumerate(texts)])
    store.remove(store.read().saved)
    store.add([point("more")])
    data = path.read_bytes()
    assert data.startswith(b"".join(foreign))
    assert all(f'"{text}"'.encode() in data for text in texts)
    assert store.read().unreadable == (1, 2, 3, 4, 5)


def test_a_line_of_a_later_version_is_read_as_far_as_it_is_known(path):
    path.write_bytes(
        b'\xef\xbb\xbf{"saved": {"id": "x", "data": {"sentence": "x"}, "meta": {}, "votes": 3}, '
        b'"at": "2030", "by": "me"}\r\n'
    )
    store = a_store(path)
    assert store.read().saved["x"].data == {"sentence": "x"}
    assert store.read().unreadable == ()
    store.remove(["x"])
    assert list(store.restore(["x"]).saved) == ["x"]
    assert b'"votes": 3' in path.read_bytes()


def test_what_was_removed_is_restored(path):
    one, other = a_store(path), a_store(path)
    one.add([point("a", "first", None, source="HotFlip"), point("b"), point("c")])
    before = dict(one.read().saved)
    assert other.remove(["c", "a"]).removed == 2
    assert one.removed_at(one.removals(most=9, shown=9)[0].at) == ["c", "a"]
    assert one.restore(["unknown", "b"]).removed == 2
    contents = one.restore(["a", "c"])
    assert contents.saved == other.read().saved == a_store(path).read().saved == before
    assert list(contents.saved) == ["b", "a", "c"]
    assert contents.removed == 0
    assert one.removals(most=9, shown=9) == []


def test_what_was_saved_again_is_not_restored(path):
    store = a_store(path)
    store.add([point("a", "first")])
    store.remove(["a"])
    store.add([point("a", "second")])
    assert store.read().removed == 0
    assert store.restore(["a"]).saved["a"].data["sentence"] == "second"


def test_removals_are_told_by_their_times_the_latest_first(path):
    lines = [
        {"removed": "a"},
        {"removed": "b", "at": "2030-01-01T10:00:00+00:00"},
        {"removed": "c", "at": "2030-01-01T11:00:00+00:00"},
        {"removed": "d", "at": "2030-01-01T11:00:00+00:00"},
    ]
    store = a_store(path)
    store.add([point(id_, id_) for id_ in "abcd"])
    with path.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    latest, middle, oldest = store.removals(most=9, shown=1)
    assert (latest.at, latest.count) == (lines[3]["at"], 2)
    assert [each.id for each in latest.first] == ["c"]
    assert store.removed_at(latest.at) == ["c", "d"]
    assert (middle.at, middle.count, middle.first[0].data["sentence"]) == (lines[1]["at"], 1, "b")
    assert (oldest.at, oldest.first[0].id) == ("", "a")
    assert store.removals(most=1, shown=1, before=latest.at) == [middle]
    assert store.restore(store.removed_at("")).saved.keys() == {"a"}


def test_there_is_no_more_restored_than_may_be_saved(path):
    store = a_store(path, most=2)
    store.add([point("a"), point("b")])
    store.remove(["a", "b"])
    store.add([point("c")])
    with pytest.raises(TooLarge, match="There would be 3 saved datapoints"):
        store.restore(["a", "b"])
    assert list(store.restore(["a"]).saved) == ["c", "a"]


@pytest.mark.parametrize(
    "edit",
    [
        lambda lines: [*lines[:2], lines[2].replace(b"two", b"2!!"), *lines[3:]],  # of equal size
        lambda lines: [*lines[:2], lines[2].replace(b"two", b"two and a half"), *lines[3:]],
        lambda lines: [*lines[:2], lines[2].replace(b"two", b"2"), *lines[3:]],
        lambda lines: lines[:2],
        lambda lines: [*lines, *lines[3:]],
    ],
)
def test_a_file_that_was_edited_in_its_place_is_read_anew(path, edit):
    store = a_store(path)
    store.add([point("a", "one"), point("b", "two"), point("c", "three")])
    seen = store.read().revision
    lines = path.read_bytes().splitlines(keepends=True)
    with path.open("r+b") as file:
        file.truncate(0)
        file.write(b"".join(edit(lines)))
    contents = store.read()
    assert contents.saved == a_store(path).read().saved
    assert contents.unreadable == ()
    assert contents.revision != seen
    assert store.add([point("d")]).saved == a_store(path).read().saved


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


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_a_sentence(path, make):
    make(path)
    with pytest.raises(UserError, match=r"cannot be used \(it is no plain file\): mend it"):
        a_store(path).read()


def test_a_store_that_is_gone_has_no_file_open(path):
    a_store(path).add([point("a")])
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        a_store(path).read()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_that_is_gone_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match=r"cannot be used \(No such file or directory\)"):
        Store(tmp_path / "gone" / "a.added.jsonl", FIELDS).read()
