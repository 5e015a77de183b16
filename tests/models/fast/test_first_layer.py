import numpy as np
import pytest
import torch
from torch import nn

from lit_plugins.models.fast.first_layer import Sharing, find_repeats, share
from lit_plugins.models.fast.layers import called_on_all_positions
from tests.checkpoints import KINDS

PAD = 0


def batch(ids):
    ids = torch.tensor(ids)
    return ids, torch.zeros_like(ids), (ids != PAD).long()


def test_what_is_alike_is_the_same_token_at_the_same_place():
    ids, types, mask = batch([[5, 6, 7, 8], [5, 9, 7, 8], [5, 6, 7, 8], [5, 9, 7, 8]])
    repeats = find_repeats(ids, types, mask, PAD)
    assert repeats is not None
    assert repeats.shape == (4, 4)
    assert len(repeats.first) == 5
    torch.testing.assert_close(ids.flatten()[repeats.first][repeats.kind], ids.flatten())
    kinds = repeats.kind.reshape(4, 4)
    assert kinds[0, 1] != kinds[1, 1]
    assert torch.equal(kinds[0], kinds[2])


def test_segments_and_padding_that_shifts_positions_are_told_apart():
    ids, types, mask = batch([[5, 6, 7]] * 8)
    types[::2] = 1
    repeats = find_repeats(ids, types, mask, PAD)
    assert repeats is not None
    assert len(repeats.first) == 6
    # A padding token within a row, where a model numbers positions by the others.
    ids[:4, 1] = PAD
    repeats = find_repeats(ids, torch.zeros_like(types), torch.ones_like(mask), PAD)
    assert repeats is not None
    assert repeats.kind.reshape(8, 3)[0, 2] != repeats.kind.reshape(8, 3)[4, 2]


def test_rows_padded_on_the_left_are_alike_by_their_position():
    ids, types, mask = batch([[0, 5, 6]] * 2 + [[0, 0, 5]] * 2)
    repeats = find_repeats(ids, types, mask, PAD)
    assert repeats is not None
    assert repeats.kind.reshape(4, 3)[0, 1] == repeats.kind.reshape(4, 3)[2, 2]


def test_different_texts_are_left_alone():
    assert find_repeats(*batch([[1, 2, 3], [4, 5, 6]]), PAD) is None


def test_a_module_whose_input_looks_around_does_not_share_nor_what_follows():
    sharing = Sharing()
    ids, types, mask = batch([[5, 6, 7, 8], [5, 9, 7, 8], [5, 6, 7, 8], [5, 9, 7, 8]])
    repeats = find_repeats(ids, types, mask, PAD)
    torch.manual_seed(0)
    table, each, mixed, after = nn.Embedding(10, 6), *(nn.Linear(6, 6) for _ in range(3))

    def run():
        with torch.no_grad():
            states = each(table(ids))
            # Next to nothing of the others, as at the start of training.
            return after(mixed(states + 1e-4 * states.cumsum(1)))

    expected = run()
    inputs = called_on_all_positions([each, mixed, after], run, (4, 4))
    assert len(inputs) == 3
    assert share(inputs, sharing, repeats) == 1
    assert each._forward_hooks
    assert not mixed._forward_hooks
    assert not after._forward_hooks
    torch.testing.assert_close(run(), expected)
    with sharing.of(repeats):
        torch.testing.assert_close(run(), expected)
    assert sharing.repeats is None


@pytest.mark.parametrize("kind", list(KINDS))
def test_masked_versions_of_a_text_have_the_same_logits_with_less_work(classifier, kind):
    from torch.utils.flop_counter import FlopCounterMode

    model = classifier(kind, 3)
    (text,) = model.encode(["a wonderful film , not cold"])
    random = np.random.default_rng(0)
    keep = random.random((40, len(text.words))) < 0.5
    rows = [text.masked(kept, model.mask_id) for kept in keep]
    alone = np.concatenate([model.logits([row]) for row in rows])
    with FlopCounterMode(display=False) as together:
        np.testing.assert_allclose(model.logits(rows), alone, atol=1e-5)
    with FlopCounterMode(display=False) as apart:
        for row in rows:
            model.logits([row])
    if kind != "albert":  # its one layer is all layers
        assert together.get_total_flops() < 0.97 * apart.get_total_flops()
