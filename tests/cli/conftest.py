"""What tests of several commands need."""

import pytest


@pytest.fixture
def refused(request, capsys):
    """Runs the module's COMMAND, which must fail, and gives the one sentence that it printed."""

    from lit_plugins.cli import main

    def run(*arguments: str) -> str:
        try:
            code = main([request.module.COMMAND, *arguments])
        except SystemExit as stop:  # argparse's way out
            code = stop.code
        assert code == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "Traceback" not in printed.err
        (sentence,) = [line for line in printed.err.splitlines() if "lit-plugins" in line]
        assert sentence.endswith(".")
        return sentence

    return run
