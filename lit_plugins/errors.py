"""The one exception that stands for a user's mistake."""


class UserError(ValueError):
    """A mistake that the user can mend.

    Its message is one sentence that names the offending value and the mend; the command line
    prints it and exits with code 2, the server answers with it, and neither shows a traceback.
    """
