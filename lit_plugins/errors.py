"""`UserError`, the exception for users' mistakes, and how it quotes other errors."""

import re
from collections.abc import Sequence


class UserError(ValueError):
    """A mistake that the user can correct.

    Its message is one sentence that names the wrong value and the correction. The command line
    prints the message and exits with code 2, and the server sends it as a response. Neither shows a
    traceback.
    """


class TooLarge(UserError):
    """An input that exceeds a limit of size."""


class NoNumbers(UserError):
    """A model's output that is not a number for some of its inputs.

    Attributes:
        places: the indices of these inputs.
    """

    def __init__(self, sentence: str, places: Sequence[int]):
        """Keeps the error's sentence and the indices of the inputs."""
        super().__init__(sentence)
        self.places = tuple(places)


def first_sentence(error: BaseException, most: int = 120) -> str:
    """An error's first sentence without its full stop, to be quoted in another sentence.

    Args:
        error: any exception; the result for one without a message is the name of its type.
        most: largest number of characters; a longer sentence is cut and ends in an ellipsis.
    """
    text = " ".join(str(error).split()) or type(error).__name__
    sentence = re.split(r"[.!?] ", text)[0].rstrip(" .:")
    return sentence if len(sentence) <= most else sentence[: most - 1].rstrip() + "…"
