"""The one exception that stands for a user's mistake, and how it quotes others."""

import re


class UserError(ValueError):
    """A mistake that the user can mend.

    Its message is one sentence that names the offending value and the mend; the command line
    prints it and exits with code 2, the server answers with it, and neither shows a traceback.
    """


class TooLarge(UserError):
    """More than is taken at once."""


def first_sentence(error: BaseException, most: int = 120) -> str:
    """An error's first sentence without its full stop, to be quoted in a sentence of ours.

    Args:
        error: any exception; one without a message is quoted by the name of its type.
        most: the most characters; a longer sentence is cut off and ends in an ellipsis.
    """
    text = " ".join(str(error).split()) or type(error).__name__
    sentence = re.split(r"[.!?] ", text)[0].rstrip(" .:")
    return sentence if len(sentence) <= most else sentence[: most - 1].rstrip() + "…"
