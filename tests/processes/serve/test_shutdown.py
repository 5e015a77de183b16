import os
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.serve.test_shutdown import WAIT_S

PROGRAM = """
import sys, time
from lit_plugins.runtime import cancellation
from lit_plugins.serve import server
from lit_plugins.serve.responses import answer
from tests.serving import queued

def app(environ, start_response):
    print("begun", flush=True)
    while not sys.stdin.read(1):
        cancellation.check()
    return answer(environ, start_response, 200, b"done", "text/plain")

with server.bind("127.0.0.1", 0) as bound:
    server.serve(
        queued(app), bound, announce=lambda address: print(address, flush=True),
        waits=lambda requests: print("waits for", requests, flush=True),
    )
print("ended")
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(number):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    with process, ThreadPoolExecutor(1) as pool:
        address = process.stdout.readline().strip()
        asked = pool.submit(urllib.request.urlopen, address, timeout=WAIT_S)
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        assert process.stdout.readline() == "waits for 1\n"
        process.stdin.write("x")
        process.stdin.flush()
        with asked.result(WAIT_S) as answered:
            assert answered.read() == b"done"
        assert process.stdout.read() == "ended\n"
        assert process.wait(WAIT_S) == 0
