"""The one exception that stands for a user's mistake, and how it quotes others."""


class UserError(ValueError):
    """A mistake that the user can mend.

    Its message is one sentence that names the offending value and the mend; the command line
    prints it and exits with code 2, the server answers with it, and neither shows a traceback.
    """


class TooLarge(UserError):
    """More than is taken at once."""


def first_sentence(error: BaseException, most: int = 120) -> str:
    """What an error says first, without its full stop, to be quoted in a sentence."""
    text = " ".join(str(error).split()) or type(error).__name__
    sentence = text.split(". ")[0].rstrip(".")
    return sentence if len(sentence) <= most else sentence[: most - 1].rstrip() + "…"
