"""A masked language model is loaded once, and auto is the best that can be had."""

from __future__ import annotations

import threading

import pytest

from lit_plugins.embedded import EMBEDDED_FILLER
from lit_plugins.models import MaskedLanguageModel, default_filler, load_filler


@pytest.fixture
def no_cache():
    default_filler._load.cache_clear()
    yield
    default_filler._load.cache_clear()


def test_a_model_is_loaded_once_for_all_threads(folder, no_cache):
    path = folder("bert")  # threads would each save their own
    found: list[MaskedLanguageModel] = []
    threads = [threading.Thread(target=lambda: found.append(load_filler(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({id(one) for one in found}) == 1
    assert found[0].name == str(path)
    assert found[0].note == ""


def test_auto_is_the_hubs_model_where_it_can_be_had(folder, monkeypatch, no_cache):
    asked: list[str] = []

    def snapshot_download(name: str, **options: object) -> str:
        asked.append(name)
        return str(folder("roberta"))

    monkeypatch.setattr("lit_plugins.models.loading.snapshot_download", snapshot_download)
    chosen = load_filler("auto")
    assert chosen is load_filler() is load_filler("distilroberta-base")
    assert asked == ["distilroberta-base"]
    assert (chosen.name, chosen.note) == ("distilroberta-base", "")


def test_auto_is_the_embedded_model_elsewhere(folder, monkeypatch, no_cache):
    monkeypatch.setattr("lit_plugins.models.loading.model_path", lambda name: folder("bert"))
    chosen = load_filler("auto")
    assert chosen.name == EMBEDDED_FILLER
    assert chosen.note == (
        "The words come from the small embedded model 'review-filler', since 'distilroberta-base' "
        "is neither in the local cache nor available from the hub."
    )
