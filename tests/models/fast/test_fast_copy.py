import numpy as np
import pytest
import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    DistilBertForSequenceClassification,
)

from lit_plugins import TextClassifier, explain
from tests.checkpoints import KINDS, TEXTS, save_checkpoint
from tests.explain.toys import VOCABULARY, toy_tokenizer

SKIPS = ("bert", "distilbert", "roberta", "xlm-roberta", "electra", "deberta-v2", "gpt2", "llama")


@pytest.mark.parametrize("kind", list(KINDS))
def test_logits_are_those_of_the_whole_model(classifier, kind):
    model = classifier(kind, 3)
    assert kind not in SKIPS or model.network.copies.lean is not None
    rows = [text.row for text in model.encode(TEXTS)]
    whole, _ = model.infer(rows, embeddings=True)  # with hidden states the whole model runs
    np.testing.assert_allclose(model.logits(rows), whole, atol=1e-5)


@pytest.mark.parametrize("kind", SKIPS)
def test_the_last_layer_does_less(classifier, kind):
    from torch.utils.flop_counter import FlopCounterMode

    network = classifier(kind, 3).network
    rows = [text.row for text in classifier(kind, 3).encode(["a wonderful film " * 5] * 2)]
    batch = network.collate(rows)
    work = []
    for hidden_states in (False, True):
        with FlopCounterMode(display=False) as counter, torch.inference_mode():
            network.run(batch, hidden_states=hidden_states)
        work.append(counter.get_total_flops())
    assert work[0] < 0.95 * work[1]


@pytest.mark.parametrize("kind", SKIPS)
def test_gradients_at_the_embeddings_go_through_what_is_left(classifier, kind):
    network = classifier(kind, 3).network
    batch = network.collate([text.row for text in classifier(kind, 3).encode(TEXTS[:3])])
    slopes = []
    for hidden_states in (False, True):
        embeddings = network.embed(batch).detach().requires_grad_(True)
        output = network.run(batch, embeddings, hidden_states=hidden_states)
        slopes.append(torch.autograd.grad(output.logits[:, 1].sum(), embeddings)[0])
    torch.testing.assert_close(*slopes, atol=1e-5, rtol=1e-4)


def test_a_model_that_hardly_tells_texts_apart_is_left_whole():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.002,
    )
    model = TextClassifier(BertForSequenceClassification(config).eval(), toy_tokenizer())
    assert model.network.copies.lean is None


def test_a_models_own_tensors_still_have_gradients(checkpoint):
    class Scaled(DistilBertForSequenceClassification):
        def __init__(self, config):
            super().__init__(config)
            self.scale = torch.tensor(2.0)  # neither a weight nor a buffer

        def forward(self, *arguments, **named):
            output = super().forward(*arguments, **named)
            output.logits = output.logits * self.scale
            return output

    folder = checkpoint("distilbert")
    model = Scaled.from_pretrained(folder)
    model.scale = torch.tensor(2.0)
    classifier = TextClassifier(model, AutoTokenizer.from_pretrained(folder))
    (explanation,) = explain(classifier, TEXTS[1:2], "integrated_gradients", 0)
    (plain,) = explain(
        TextClassifier.from_pretrained(folder), TEXTS[1:2], "integrated_gradients", 0
    )
    np.testing.assert_allclose(explanation.scores, 2 * plain.scores, atol=1e-4)


def test_a_trial_row_as_long_as_the_model_has_heads_proves_nothing_alone(tmp_path):
    # Layers that make all positions alike hide what a wrong shape does.
    folder = save_checkpoint(
        "bert",
        tmp_path / "deep",
        hidden_size=192,
        num_hidden_layers=12,
        num_attention_heads=12,
        max_position_embeddings=512,
    )
    model = TextClassifier.from_pretrained(folder)
    texts = ["a wonderful film", "a wonderful film that never feels dull", "word"]
    whole = model.predict(texts, embeddings=True).logits
    np.testing.assert_allclose(model.predict(texts).logits, whole, rtol=1e-4)
