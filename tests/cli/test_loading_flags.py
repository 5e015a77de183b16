from types import SimpleNamespace

import pytest

from lit_plugins import models
from lit_plugins.cli.loading_flags import load_filler


@pytest.mark.parametrize(("note", "said"), [("", ""), ("A stand-in.", "A stand-in.\n")])
def test_a_language_model_that_stands_in_for_another_is_said(monkeypatch, capsys, note, said):
    asked = []

    def masked_language_model(source):
        asked.append(source)
        return SimpleNamespace(note=note)

    monkeypatch.setattr(models, "masked_language_model", masked_language_model)
    assert load_filler("auto").note == note
    assert asked == ["auto"]
    assert capsys.readouterr().err == said
