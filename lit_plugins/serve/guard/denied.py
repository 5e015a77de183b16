"""A request that goes no further."""

from __future__ import annotations


class Denied(Exception):
    """What the guard's parts raise for it to answer.

    Attributes:
        status: of the answer.
        sentence: why, for whoever asked.
        headers: what goes with the status.
    """

    def __init__(self, status: int, sentence: str, *headers: tuple[str, str]):
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers
