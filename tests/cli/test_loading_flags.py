from types import SimpleNamespace

import pytest

from lit_plugins import models
from lit_plugins.cli.loading_flags import announced_filler


@pytest.mark.parametrize(("note", "said"), [("", ""), ("A stand-in.", "A stand-in.\n")])
def test_a_language_model_that_stands_in_for_another_is_said(monkeypatch, capsys, note, said):
    asked = []

    def load_filler(source):
        asked.append(source)
        return SimpleNamespace(note=note)

    monkeypatch.setattr(models, "load_filler", load_filler)
    assert announced_filler("auto").note == note
    assert asked == ["auto"]
    assert capsys.readouterr().err == said
