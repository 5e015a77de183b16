"""Calls of tokenizers, which fail in compiled code, with errors that users can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lit_plugins.errors import UserError, first_sentence

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer


def is_failure(error: BaseException) -> bool:
    """Whether an error is an `Exception`, or a panic of compiled code.

    Panics of Rust come from `pyo3` as a `PanicException`, which cannot be imported and is no
    `Exception`.
    """
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def encode_all(tokenizer: Tokenizer, texts: Sequence[str], **options: bool) -> list[Encoding]:
    """The encoding of each text, in order.

    Args:
        tokenizer: the backend of a tokenizer.
        texts: valid Unicode.
        options: as `Tokenizer.encode_batch` takes them.

    Raises:
        UserError: the tokenizer fails.
    """
    with _readable():
        return tokenizer.encode_batch(texts, **options)


def decode_all(tokenizer: Tokenizer, rows: Sequence[Sequence[int]]) -> list[str]:
    """The text of each row of token ids, in order, without special tokens.

    Raises:
        UserError: the tokenizer fails.
    """
    with _readable():
        return tokenizer.decode_batch(rows)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise
    except BaseException as error:
        if not is_failure(error):
            raise
        raise UserError(
            f"The model's tokenizer fails on a text ({first_sentence(error)}); save it again with "
            "save_pretrained."
        ) from error
