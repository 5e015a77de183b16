import torch
from torch import nn

from lit_plugins.models.fast.layers import called_on_all_positions, layer_lists


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.layers = nn.ModuleList(
            nn.ModuleDict({"experts": nn.ModuleList([nn.Linear(4, 4)])}) for _ in range(3)
        )
        self.decoder = nn.ModuleList([nn.Linear(4, 4)])
        self.none = nn.ModuleList()


def test_lists_of_layers_are_the_outermost_that_are_not_empty():
    model = Nested()
    assert list(layer_lists(model)) == [model.encoder.layers, model.decoder]


def test_modules_count_that_run_once_on_rows_by_positions():
    once, twice, pooled, turned, never = (nn.Linear(4, 4) for _ in range(5))
    states = torch.ones(3, 5, 4)

    def run():
        twice(once(twice(states)))
        pooled(states[:, 0])
        turned(states.transpose(0, 1))

    modules = [never, turned, pooled, twice, once]
    called = called_on_all_positions(modules, run, (3, 5))
    assert list(called) == [once]
    assert called[once].shape == (3, 5, 4)
    assert not any(module._forward_pre_hooks for module in modules)
