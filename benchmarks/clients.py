"""Many clients at the same time, which record their requests and how long they waited."""

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
"""The status of a request without a complete response."""

_LONGEST_WAIT_S = 2.0
_LASTING = "lasting"  # cannot be an ETag, since ETags are quoted


@dataclass(frozen=True)
class Answer:
    """A server's response.

    Attributes:
        status: the HTTP status.
        headers: the headers; their names may be in any case.
        body: the bytes as sent, possibly compressed.
    """

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Sample:
    """One request.

    Attributes:
        kind: the request's purpose.
        status: the response's HTTP status, or `UNANSWERED`.
        seconds: time from the request's first byte to the response's last.
        retry_after: the value of the Retry-After header, or None.
    """

    kind: str
    status: int
    seconds: float
    retry_after: str | None = None


class Client:
    """One browser: an open connection, kept files, cookies, and a random number generator."""

    def __init__(self, address: str, seed: int = 0, patience_s: float = 120):
        """Makes a client, which connects with its first request.

        Args:
            address: the server's address, with a slash at the end, and its token if it has one.
            seed: the seed of the client's random choices.
            patience_s: seconds that it waits for a response.
        """
        self.address, _, self._entry = address.partition("?")
        self.random = Random(seed)
        self.samples: list[Sample] = []
        self._patience_s = patience_s
        self._cookies: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def get(self, kind: str, path: str) -> Answer | None:
        """Requests a page; None without a complete response."""
        return self._ask(kind, "GET", path, None, {})

    def load(self, kind: str, path: str) -> None:
        """Requests a file of a page unless it is kept for good; a kept file only if it changed."""
        known = self._kept.get(path)
        if known == _LASTING:
            return
        headers = {"If-None-Match": known} if known else {}
        answer = self._ask(f"{kind} again" if known else kind, "GET", path, None, headers)
        if answer is not None and answer.status == 200:
            lasts = "immutable" in (answer.headers["Cache-Control"] or "")
            self._kept[path] = _LASTING if lasts else answer.headers["ETag"] or ""

    def post(self, kind: str, path: str, body: Any) -> Answer | None:
        """Sends a request like those of the page's scripts; None without a complete response."""
        headers = {
            "Content-Type": "application/json",
            "Origin": self.address.rstrip("/"),
            "Sec-Fetch-Site": "same-origin",
        }
        return self._ask(kind, "POST", path, json.dumps(body).encode(), headers)

    def json(self, path: str, body: Any = MappingProxyType({})) -> Any:
        """Sends a request with `post`, and parses the response.

        Raises:
            RuntimeError: the server did not answer with status 200.
        """
        answer = self.post("json", path, dict(body))
        if answer is None or answer.status != 200:
            raise RuntimeError(f"{path}: {answer and (answer.status, answer.body[:200])}")
        if answer.headers["Content-Encoding"] == "gzip":
            import gzip

            return json.loads(gzip.decompress(answer.body))
        return json.loads(answer.body)

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def cookie(self) -> str:
        """The header of the server's cookies; empty without any. The first use takes the token."""
        if self._entry:
            entry, self._entry = self._entry, ""
            entered = self._answer("GET", f"?{entry}", None, {})
            if entered is not None:
                self._keep_cookies(entered)
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _keep_cookies(self, answer: Answer) -> None:
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value.strip()

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer | None:
        headers["Accept-Encoding"] = "gzip"
        if self.cookie:
            headers["Cookie"] = self.cookie
        begun = time.perf_counter()
        answer = self._answer(method, path, body, headers)
        seconds = time.perf_counter() - begun
        if answer is None:
            self.samples.append(Sample(kind, UNANSWERED, seconds))
            return None
        self._keep_cookies(answer)
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
                # A server may close an idle connection; browsers then try once more.
                if not kept:
                    return None
            except (http.client.HTTPException, OSError):
                self.close()
                return None


@dataclass(frozen=True)
class Action:
    """An action of clients.

    Attributes:
        weight: how often it is chosen, relative to the weights of the other actions.
        do: performs the action, and adds samples to the client.
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
    """Lets clients perform random actions in parallel for some time.

    Args:
        address: as for `Client`.
        first: performed by each client before its actions.
        actions: the actions that clients choose from.
        seconds: time after which no client begins another action.
        clients: number of clients, one thread each.
        pause_s: seconds that a client rests between two actions, on average.
        seed: the first client's seed; each further client's is one higher.
        patience_s: seconds that a client waits for a response.

    Returns:
        The samples of all clients.
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

    threads = [threading.Thread(target=visit, args=(client,), daemon=True) for client in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [sample for client in visitors for sample in client.samples]


def percentile(values: Sequence[float], percent: float) -> float:
    """Returns the smallest value that is at least as large as `percent` per cent of all values.

    Without values it is NaN.
    """
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
