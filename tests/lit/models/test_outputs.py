from collections.abc import Callable

import numpy as np
import pytest

from lit_plugins import TextClassifier
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.lit.models.outputs import Caches
from tests.lit.conftest import LABELS, TEXTS


class CountedCalls:
    """Counts the rows that each method of a classifier is asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, classifier: TextClassifier):
        self.rows = dict.fromkeys(("infer", "gradients", "layer_embeddings", "attention"), 0)
        for name in self.rows:
            monkeypatch.setattr(classifier, name, self._counted(name, getattr(classifier, name)))

    def _counted(self, name: str, method: Callable) -> Callable:
        def call(rows, *arguments, **options):
            self.rows[name] += len(rows)
            return method(rows, *arguments, **options)

        return call


@pytest.fixture
def model(named_classifier) -> LitTextClassifier:
    return LitTextClassifier(named_classifier("bert"))


def examples(texts=TEXTS, labels=LABELS):
    return [
        {"sentence": text, "label": label, "_id": "same"}
        for text, label in zip(texts, labels, strict=True)
    ]


def test_predictions_are_the_classifiers(model):
    outputs = model.predict(examples())
    expected = model.classifier.predict(TEXTS, embeddings=True)
    np.testing.assert_allclose(
        [output["probas"] for output in outputs], expected.probabilities, atol=1e-6
    )
    np.testing.assert_allclose(
        [output["pooled"] for output in outputs], expected.embeddings, atol=1e-5
    )
    assert all(isinstance(output["pooled"], np.ndarray) for output in outputs)


def test_predicting_runs_inference_only_and_each_text_once(model, monkeypatch):
    calls = CountedCalls(monkeypatch, model.classifier)
    outputs = model.predict(examples() + examples())
    model.predict(examples())
    assert calls.rows == {"infer": 6, "gradients": 0, "layer_embeddings": 0, "attention": 0}
    assert all("token_gradients" in output for output in outputs)
    assert calls.rows["gradients"] == 0


def test_gradients_are_computed_for_the_example_that_is_asked_for_and_those_beside_it(
    model, monkeypatch
):
    calls = CountedCalls(monkeypatch, model.classifier)
    model.predict(examples()[:1])[0]["token_gradients"]
    assert calls.rows["gradients"] == 1
    for output in model.predict(examples()):
        output["token_gradients"], output["token_embeddings"], output["pooled_gradient"]
    # The first was known; it is read from the cache, and the other five come at one stroke.
    assert calls.rows["gradients"] == 1 + 5


def test_values_read_in_bulk_equal_those_read_alone(model, named_classifier):
    together = model.predict(examples())
    for index, example in enumerate(examples()):
        alone = LitTextClassifier(named_classifier("bert")).predict([example])[0]
        for field in model.output_spec():
            if field in ("tokens", "gradient_class"):
                assert together[index][field] == alone[field]
            else:
                np.testing.assert_allclose(together[index][field], alone[field], atol=2e-5)


def test_an_edited_copy_with_its_parents_id_gets_its_own_prediction(model):
    parent = examples()[0]
    child = {**parent, "sentence": "The food was cold"}
    first, second = model.predict([parent, child])
    assert not np.allclose(first["probas"], second["probas"])


def test_gradients_are_of_the_label_or_else_of_the_predicted_class(model):
    text = TEXTS[0]
    both = model.predict(examples((text, text), ("negative", "positive")))
    assert [output["gradient_class"] for output in both] == ["negative", "positive"]
    assert not np.allclose(both[0]["token_gradients"], both[1]["token_gradients"])
    predicted = model.classifier.labels[int(both[0]["probas"].argmax())]
    for unknown in (None, "", "neutral"):
        (output,) = model.predict([{"sentence": text, "label": unknown}])
        assert output["gradient_class"] == predicted


def test_given_tokens_are_run_in_place_of_the_text(model):
    (plain,) = model.predict([{"sentence": "word"}])
    (given,) = model.predict([{"sentence": "something else", "tokens": plain["tokens"]}])
    np.testing.assert_allclose(given["probas"], plain["probas"], atol=1e-6)
    assert given["tokens"] == plain["tokens"]


def test_the_caches_stay_within_their_bound(named_classifier):
    caches = Caches(64 * 1024)
    model = LitTextClassifier(named_classifier("bert"), caches=caches)
    for round_ in range(30):
        texts = [f"{text} number {round_}" for text in TEXTS]
        for output in model.predict(examples(texts)):
            output["attention_0"], output["token_gradients"], output["layer_1"]
    assert 0 < caches.predictions.nbytes + caches.on_demand.bytes <= 64 * 1024


def test_aligned_fields_have_as_many_rows_as_tokens(model):
    for output in model.predict(examples()):
        length = len(output[fields.TOKENS])
        assert output["token_embeddings"].shape == output["token_gradients"].shape
        assert len(output["token_embeddings"]) == length
        assert output["attention_0"].shape[1:] == (length, length)


def test_progress_is_told(model):
    seen = []
    model.predict(examples(), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (6, 6)
