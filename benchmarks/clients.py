"""Many clients at once: what each asked for, and how long it waited for the answer."""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

UNANSWERED = 0
"""The status of a request that got no whole answer."""

_LONGEST_WAIT_S = 2.0
_LASTING = "lasting"  # no ETag: those are quoted


@dataclass(frozen=True)
class Answer:
    """What a server said.

    Attributes:
        status: its number.
        headers: by names of any case.
        body: as it came, packed or not.
    """

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Sample:
    """One request.

    Attributes:
        kind: what it was for.
        status: the answer's, or `UNANSWERED`.
        seconds: from its first byte to the answer's last.
        retry_after: the header of that name, or None.
    """

    kind: str
    status: int
    seconds: float
    retry_after: str | None = None


class Client:
    """One browser: a connection and files that are kept, cookies, a random number generator."""

    def __init__(self, address: str, seed: int = 0, patience_s: float = 120):
        """Connects when it first asks.

        Args:
            address: of the server, with a slash at the end.
            seed: of what it does.
            patience_s: how long it waits for an answer.
        """
        self.address = address
        self.random = Random(seed)
        self.samples: list[Sample] = []
        self._patience_s = patience_s
        self._cookies: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def get(self, kind: str, path: str) -> Answer | None:
        """Asks for a page; None if no whole answer came."""
        return self._ask(kind, "GET", path, None, {})

    def load(self, kind: str, path: str) -> None:
        """Asks for a file of a page as far as it has to be asked for again."""
        known = self._kept.get(path)
        if known == _LASTING:
            return
        headers = {"If-None-Match": known} if known else {}
        answer = self._ask(f"{kind} again" if known else kind, "GET", path, None, headers)
        if answer is not None and answer.status == 200:
            lasts = "immutable" in (answer.headers["Cache-Control"] or "")
            self._kept[path] = _LASTING if lasts else answer.headers["ETag"] or ""

    def post(self, kind: str, path: str, body: Any) -> Answer | None:
        """Asks as the page's scripts do; None if no whole answer came."""
        headers = {
            "Content-Type": "application/json",
            "Origin": self.address.rstrip("/"),
            "Sec-Fetch-Site": "same-origin",
        }
        return self._ask(kind, "POST", path, json.dumps(body).encode(), headers)

    def json(self, path: str, body: Any = MappingProxyType({})) -> Any:
        """What such a request gives.

        Raises:
            RuntimeError: the server did not give it.
        """
        answer = self.post("json", path, dict(body))
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path}: {answer and (answer.status, answer.body[:200])}")
        if answer.headers["Content-Encoding"] == "gzip":
            import gzip

            return json.loads(gzip.decompress(answer.body))
        return json.loads(answer.body)

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer | None:
        headers["Accept-Encoding"] = "gzip"
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        begun = time.perf_counter()
        answer = self._answer(method, path, body, headers)
        seconds = time.perf_counter() - begun
        if answer is None:
            self.samples.append(Sample(kind, UNANSWERED, seconds))
            return None
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value.strip()
        retry_after = answer.headers["Retry-After"]
        self.samples.append(Sample(kind, answer.status, seconds, retry_after))
        if answer.status in (429, 503) and retry_after:
            time.sleep(min(float(retry_after), _LONGEST_WAIT_S))
        return answer

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer | None:
        while True:
            kept = self._connection is not None
            try:
                if self._connection is None:
                    parts = urlsplit(self.address)
                    assert parts.hostname
                    self._connection = http.client.HTTPConnection(
                        parts.hostname, parts.port, timeout=self._patience_s
                    )
                self._connection.request(method, f"/{path}", body, headers)
                answer = self._connection.getresponse()
                content = answer.read()
                if answer.will_close:
                    self.close()
                return Answer(answer.status, answer.headers, content)
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                # A server may hang up on who has been idle, as browsers know.
                if not kept:
                    return None
            except (http.client.HTTPException, OSError):
                self.close()
                return None


@dataclass(frozen=True)
class Action:
    """Something that clients do.

    Attributes:
        weight: how often, beside the weights of the others.
        do: does it, and leaves samples in the client.
    """

    weight: float
    do: Callable[[Client], None]


def run_clients(
    address: str,
    first: Callable[[Client], None],
    actions: Sequence[Action],
    seconds: float,
    *,
    clients: int = 32,
    pause_s: float = 0.0,
    seed: int = 0,
    patience_s: float = 120,
) -> list[Sample]:
    """Each client does one thing after another for so long; the samples of all.

    Args:
        address: of the server, with a slash at the end.
        first: what each does before all else.
        actions: what they choose from.
        seconds: nothing is begun after that.
        clients: how many, one thread each.
        pause_s: how long a client rests between two actions, on average.
        seed: of the first client; the next has the next.
        patience_s: how long a client waits for an answer.
    """
    visitors = [Client(address, seed + index, patience_s) for index in range(clients)]
    weights = [action.weight for action in actions]
    end = time.perf_counter() + seconds

    def visit(client: Client) -> None:
        time.sleep(client.random.uniform(0, min(seconds / 4, 2 * pause_s)))
        first(client)
        while time.perf_counter() < end:
            (action,) = client.random.choices(actions, weights)
            action.do(client)
            time.sleep(client.random.uniform(0, 2 * pause_s))
        client.close()

    threads = [threading.Thread(target=visit, args=(each,), daemon=True) for each in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sample for client in visitors for sample in client.samples]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent of all do not exceed; NaN of none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
