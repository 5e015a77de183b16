import numpy as np
import pytest
import torch

from tests.checkpoints import KINDS, TEXTS

SKIPS = ("bert", "distilbert", "roberta", "xlm-roberta", "electra", "deberta-v2", "gpt2", "llama")


@pytest.mark.parametrize("kind", list(KINDS))
def test_logits_and_gradients_are_those_of_the_whole_model(classifier, kind):
    model = classifier(kind, 3)
    forward = model.network._forward
    assert kind not in SKIPS or forward.lean is not None
    rows = [text.row for text in model.encode(TEXTS)]
    lean = model.logits(rows)
    slopes = model.gradients(rows, [0] * len(rows))
    kept, forward.lean = forward.lean, None
    try:
        np.testing.assert_allclose(lean, model.logits(rows), atol=1e-5)
        # With hidden states it is the whole model that runs.
        for one, other in zip(slopes, model.gradients(rows, [0] * len(rows)), strict=True):
            np.testing.assert_array_equal(one.gradients, other.gradients)
    finally:
        forward.lean = kept


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
