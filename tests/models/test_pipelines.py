"""A classifier predicts what its pipeline predicts, or says by name what it cannot take over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers import (
    AutoTokenizer,
    BertForSequenceClassification,
    Pipeline,
    PreTrainedModel,
    TextClassificationPipeline,
    pipeline,
)

from lit_plugins import TextClassifier, UserError
from lit_plugins.models.quiet import quiet_transformers
from tests.checkpoints import TEXTS

LONG = "I can't recommend this enough, don't miss it. " * 2
"""A text of fewer tokens than the model has positions, and more than 20."""

Make = Callable[..., Pipeline]


@pytest.fixture
def make(checkpoint: Callable[..., Path], plain: Callable[..., PreTrainedModel]) -> Make:
    """A pipeline of BERT's kind with some settings."""

    def make(kind: type[Pipeline] = TextClassificationPipeline, **settings: Any) -> Pipeline:
        tokenizer = AutoTokenizer.from_pretrained(checkpoint("bert"), model_max_length=20)
        return pipeline(
            "text-classification",
            model=plain("bert"),
            tokenizer=tokenizer,
            device="cpu",
            pipeline_class=kind,
            **settings,
        )

    return make


def refusal(pipe: Any) -> str:
    with pytest.raises(UserError) as caught:
        TextClassifier.from_pipeline(pipe)
    return str(caught.value)


@pytest.mark.filterwarnings("ignore:.max_length. is ignored")
@pytest.mark.parametrize(
    ("settings", "max_length"),
    [
        ({}, 64),
        ({"truncation": False}, 64),
        ({"truncation": True}, 20),
        ({"truncation": True, "max_length": 11}, 11),
        ({"truncation": "longest_first", "max_length": 30}, 30),
        ({"truncation": True, "max_length": 500}, 64),
        ({"max_length": 11}, 11),
        ({"max_length": 11, "truncation": False}, 64),
        ({"max_length": 11, "padding": True}, 64),
        ({"max_length": 40, "truncation": "only_first", "padding": "max_length"}, 40),
        ({"function_to_apply": "softmax", "top_k": 1, "add_special_tokens": True}, 64),
    ],
)
def test_predictions_are_those_of_the_pipeline(make, settings, max_length):
    pipe = make(**settings)
    ours = TextClassifier.from_pipeline(pipe)
    assert ours.max_length == max_length
    texts = [*TEXTS, LONG]
    with quiet_transformers():
        found = [{one["label"]: one["score"] for one in pipe(text, top_k=None)} for text in texts]
    expected = [[scores[label] for label in ours.labels] for scores in found]
    np.testing.assert_allclose(ours.predict(texts).probabilities, expected, rtol=0, atol=1e-5)


def test_a_model_that_changes_itself_is_compared_as_it_came(make):
    class Counts(BertForSequenceClassification):
        calls = 0

        def forward(self, *inputs: Any, **named: Any) -> Any:
            output = super().forward(*inputs, **named)
            output.logits = output.logits * (1 + self.calls)
            self.calls += 1
            return output

    pipe = make()
    model = Counts(pipe.model.config).eval()
    model.load_state_dict(pipe.model.state_dict())
    expected = TextClassifier.from_pipeline(pipe).predict(TEXTS).logits
    pipe.model = model
    found = TextClassifier.from_pipeline(pipe).predict(TEXTS).logits
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert model.calls == 0


def test_a_length_of_ones_own_replaces_the_pipelines(make):
    pipe = make(truncation=True, max_length=11)
    assert TextClassifier.from_pipeline(pipe, max_length=30).max_length == 30


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"function_to_apply": "sigmoid"}, "function_to_apply='sigmoid'"),
        ({"function_to_apply": "none"}, "function_to_apply='none'"),
        ({"add_special_tokens": False}, "add_special_tokens=False"),
        ({"truncation": "only_second"}, "truncation='only_second'"),
        ({"truncation": True, "stride": 3}, "stride=3"),
        ({"split_special_tokens": True}, "split_special_tokens=True"),
    ],
)
def test_a_setting_that_a_classifier_lacks_is_refused_by_name(make, settings, named):
    assert refusal(make(**settings)) == (
        f"The pipeline has {named}, which a classifier does not have; make the pipeline without it."
    )


def test_padding_that_changes_predictions_is_refused(make):
    class Leaks(TextClassificationPipeline):
        def _forward(self, inputs: Any) -> Any:
            inputs["attention_mask"][:] = 1
            return super()._forward(inputs)

    assert refusal(make(Leaks, padding="max_length", max_length=30)) == (
        "The pipeline has padding='max_length', which a classifier does not have; "
        "make the pipeline without it."
    )


def test_a_pipeline_that_predicts_in_its_own_way_is_refused(make):
    class Turned(TextClassificationPipeline):
        def preprocess(self, inputs: Any, **settings: Any) -> Any:
            return super().preprocess(inputs[::-1], **settings)

    sentence = refusal(make(Turned))
    assert sentence.startswith(
        "The pipeline Turned predicts otherwise than its model and tokenizer (0."
    )
    assert sentence.endswith(
        " for 'A good film.'); give TextClassifier the model and the tokenizer."
    )


def test_pipelines_of_other_tasks(make):
    pipe = make()
    pipe.task = "fill-mask"
    assert refusal(pipe) == (
        "The pipeline's task is 'fill-mask'; give a text-classification pipeline."
    )
    assert refusal("distilbert").startswith("The pipeline's task is None; give a text-")
    pipe.task, pipe.tokenizer = "text-classification", None
    assert refusal(pipe) == "The pipeline has no tokenizer; make it with tokenizer=…."
