import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from werkzeug.test import Client

from lit_plugins.serve.failures import answering_failures
from lit_plugins.serve.places import MOST_AT_ONCE, Places, Refused
from lit_plugins.serve.queue import ModelQueue, fair
from lit_plugins.serve.server import THREADS

MIB = 2**20


def refusal(places, visitor, body_bytes=0):
    """The status with which a request is refused; None if it has a place."""
    try:
        with places.place(visitor, body_bytes):
            return None
    except Refused as refused:
        return refused.status


def test_there_are_fewer_places_than_threads():
    assert MOST_AT_ONCE <= THREADS - 8


def test_a_place_is_free_again_after_its_request():
    places = Places(most=1, for_newcomers=0)
    for _ in range(3):
        with places.place("a"):
            assert places.taken == 1
            assert refusal(places, "b") == 503
        assert places.taken == 0


def test_one_visitor_does_not_take_all_places():
    places = Places(most=8, most_of_one=2, for_newcomers=1)
    with places.place("a"), places.place("a"):
        assert refusal(places, "a") == 429
        assert refusal(places, "b") is None
    assert refusal(places, "a") is None


def test_the_last_places_are_for_visitors_without_one():
    places = Places(most=4, most_of_one=3, for_newcomers=1)
    with places.place("a"), places.place("a"), places.place("b"):
        assert refusal(places, "a") == refusal(places, "b") == 503
        with places.place("c"):
            assert refusal(places, "d") == 503
        assert refusal(places, "d") is None


def test_large_bodies_share_room_and_small_ones_need_none():
    places = Places(most_room=96 * MIB, most_room_of_one=32 * MIB)
    with ExitStack() as busy:
        busy.enter_context(places.place("a", 29 * MIB))
        assert refusal(places, "a", 29 * MIB) == 429
        assert refusal(places, "a", 3 * MIB) is None
        assert refusal(places, "a", 2**17) is None
        for visitor in "bc":
            busy.enter_context(places.place(visitor, 29 * MIB))
        assert refusal(places, "d", 29 * MIB) == 503
        assert refusal(places, "d", 2**17) is None
    assert refusal(places, "a", 29 * MIB) is None


def test_a_body_larger_than_all_room_is_taken_alone():
    places = Places(most_room=MIB, most_room_of_one=MIB)
    with places.place("a", 2 * MIB):
        assert refusal(places, "b", 2 * MIB) == 503
    assert refusal(places, "b", 2 * MIB) is None


def test_a_request_has_its_place_before_anything_is_done_for_it():
    entered, release = threading.Event(), threading.Event()

    def app(environ, start_response):
        entered.set()
        assert release.wait(30)
        start_response("200 OK", [])
        return []

    places = Places(most_of_one=1)
    client = Client(answering_failures(fair(app, ModelQueue(), places, lambda environ: False)))
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/")
        assert entered.wait(30)
        refused = client.post("/")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        release.set()
        assert first.result(30).status_code == 200
    assert client.post("/").status_code == 200
