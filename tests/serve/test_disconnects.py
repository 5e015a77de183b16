import socket
import ssl

import pytest

from lit_plugins.serve.disconnects import gone


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize("left", [True, False])
def test_the_server_that_comes_along_says_it_itself(left):
    assert gone({"waitress.client_disconnected": lambda: left}) is left


def test_of_gunicorn_the_connection_is_looked_at(pair):
    ours, theirs = pair
    ours.settimeout(30)  # as gunicorn's are: looking must not wait
    environ = {"gunicorn.socket": ours}
    assert not gone(environ)
    theirs.send(b"next")
    assert not gone(environ)
    assert ours.recv(4) == b"next"  # which looking has left there
    theirs.close()
    assert gone(environ)


def test_a_connection_that_is_closed_here_has_nobody(pair):
    ours, _ = pair
    ours.close()
    assert gone({"gunicorn.socket": ours})


def test_where_nothing_can_be_seen_somebody_waits(pair):
    assert not gone({})
    within_tls = ssl.create_default_context().wrap_socket(
        pair[0], server_hostname="x", do_handshake_on_connect=False
    )
    assert not gone({"gunicorn.socket": within_tls})
    within_tls.close()
