"""What models offer beyond a `Predictor` shows by their properties, whatever their class."""

import pytest

from lit_plugins.models.predictor import has_attention, has_embeddings, has_network, rows_of
from tests.evaluate.predictors import linear

TEXTS = ["a good film", "bad"]


def test_a_predictor_without_a_network_offers_no_more_than_its_answers():
    predictor = linear({"good": 0.4})
    assert not any(has(predictor) for has in (has_network, has_embeddings, has_attention))


@pytest.mark.parametrize(
    ("kind", "embeddings", "attention"),
    [("bert", True, True), ("bart", False, True), ("funnel", True, False)],
)
def test_a_network_says_whether_it_takes_embeddings_and_gives_attention(
    classifier, kind, embeddings, attention
):
    model = classifier(kind, 3)
    assert has_network(model)
    assert has_embeddings(model) == embeddings
    assert has_attention(model) == attention


def test_rows_are_those_of_the_encoded_texts(classifier):
    for predictor in (linear({"good": 0.4}), classifier("bert", 3)):
        assert rows_of(predictor, TEXTS) == [text.row for text in predictor.encode(TEXTS)]
