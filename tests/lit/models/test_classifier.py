import numpy as np
import pytest
from lit_nlp.api import types as lit_types

from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.models.classifier import LitTextClassifier
from tests.checkpoints import KINDS
from tests.lit.conftest import a_table

NAMES = ("negative", "positive")


@pytest.mark.parametrize("kind", KINDS)
def test_every_output_fits_its_spec_for_every_architecture(named_classifier, kind):
    model = LitTextClassifier(named_classifier(kind))
    dataset = lit_dataset_of(a_table(), NAMES)
    assert model.is_compatible_with_dataset(dataset)
    output_spec, input_spec = model.output_spec(), model.input_spec()
    for example, output in zip(dataset.examples, model.predict(dataset.examples), strict=True):
        assert set(output) == set(output_spec)
        for field, kind_of_field in output_spec.items():
            if isinstance(kind_of_field, lit_types.Gradients):
                # LIT's TCAV wants these aligned with predictions, its validation with tokens.
                assert output[field].shape == output[kind_of_field.grad_for].shape
                continue
            kind_of_field.validate_output(
                output[field], output_spec, output, input_spec, dataset.spec(), example
            )


def test_the_links_that_lits_parts_look_for(named_classifier):
    model = LitTextClassifier(named_classifier("bert"))
    spec = model.output_spec()
    assert spec["probas"].parent == "label"
    assert spec["token_gradients"].align == "tokens"
    assert spec["token_gradients"].grad_for == "token_embeddings"
    assert spec["token_gradients"].grad_target_field_key == "label"
    assert "label" in model.input_spec()
    assert spec["tokens"].is_compatible(model.input_spec()["tokens"])
    tcav = spec["pooled_gradient"]
    assert isinstance(spec[tcav.grad_for], lit_types.Embeddings)
    assert isinstance(spec[tcav.grad_target_field_key], lit_types.CategoryLabel)
    assert next(name for name, kind in spec.items() if isinstance(kind, lit_types.Embeddings)) == (
        "pooled"
    )


def test_a_dataset_without_labels_or_with_other_labels_still_opens(named_classifier, classifier):
    model = LitTextClassifier(named_classifier("bert"))
    assert model.is_compatible_with_dataset(lit_dataset_of(a_table((None,) * 6), NAMES))
    three = LitTextClassifier(classifier("bert", 3), label_field=None)
    assert three.is_compatible_with_dataset(lit_dataset_of(a_table(), NAMES))
    assert three.output_spec()["probas"].parent is None


@pytest.mark.parametrize(
    ("labels", "null_index"),
    [(("negative", "positive"), 0), (("POSITIVE", "NEGATIVE"), 1), (("spam", "ham"), 0)],
)
def test_the_thresholder_knows_which_of_two_classes_is_none(classifier, labels, null_index):
    model = LitTextClassifier(classifier("bert").with_labels(labels))
    assert model.output_spec()["probas"].null_idx == null_index


def test_more_classes_have_no_null_class(classifier):
    assert LitTextClassifier(classifier("bert", 3)).output_spec()["probas"].null_idx is None


@pytest.mark.parametrize(("kind", "mark"), [("bert", ""), ("roberta", "Ġ"), ("albert", "▁")])
def test_the_embedding_table_holds_what_begins_a_word(named_classifier, kind, mark):
    model = LitTextClassifier(named_classifier(kind))
    tokens, table = model.get_embedding_table()
    assert len(tokens) == len(table) > 10
    assert all(token.startswith(mark) and not token.startswith("##") for token in tokens)
    assert not set(tokens) & set(model.classifier.special_tokens)
    row = model.classifier.pieces.row([tokens[7]])
    np.testing.assert_array_equal(model.classifier.input_embeddings([row])[0][0], table[7])
