"""The exception for requests that the guard refuses."""

from __future__ import annotations


class Denied(Exception):
    """A refusal by one of the guard's checks, which the guard turns into a response.

    Attributes:
        status: the response's HTTP status.
        sentence: the reason, for the client.
        headers: headers that go with the status.
    """

    def __init__(self, status: int, sentence: str, *headers: tuple[str, str]):
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers
