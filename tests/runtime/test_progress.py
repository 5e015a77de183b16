import threading

from lit_plugins.runtime.progress import Runs, note, tell


def test_a_run_can_be_asked_for_while_it_runs_and_after():
    runs = Runs()
    with runs.running("mine"):
        assert runs.get("mine") == {"done": 0, "total": 0, "notes": []}
        tell(3, 7)
        note("So it is.")
        note("So it is.")
        note("")
        assert runs.get("mine") == {"done": 3, "total": 7, "notes": ["So it is."]}
    tell(4, 7)
    assert runs.get("mine") == {"done": 3, "total": 7, "notes": ["So it is."]}
    assert runs.get("another's") is None


def test_each_thread_tells_of_its_own():
    runs = Runs()
    both = threading.Barrier(2)

    def work(name, total):
        with runs.running(name):
            both.wait(30)
            tell(1, total)
            both.wait(30)

    threads = [threading.Thread(target=work, args=(f"run {size}", size)) for size in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [runs.get(f"run {size}")["total"] for size in (2, 3)] == [2, 3]


def test_names_that_are_none_and_old_ones_are_not_kept():
    runs = Runs()
    for name in (None, "", 5, ["a"], "a" * 65):
        with runs.running(name):
            tell(1, 1)
    assert runs.get("") is None
    assert runs.get("a" * 65) is None
    for number in range(65):
        with runs.running(str(number)):
            pass
    assert runs.get("0") is None
    assert runs.get("1") is not None
