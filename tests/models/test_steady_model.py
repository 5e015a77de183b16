"""A model gives an input the same output whatever it was given before."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from lit_plugins import UserError
from lit_plugins.models.steady_model import SteadyModel

LARGE = 2**19


class Config(PreTrainedConfig):
    model_type = "toy_that_changes"


class Toy(PreTrainedModel):
    """Returns its input times a factor that is spread over all that a module may hold."""

    config_class = Config

    def __init__(self, change: Callable[[Toy, Tensor], object]):
        super().__init__(Config(factor=1.0))
        self.change = change
        self.attribute = 1.0
        self.items = [1.0]
        self.named = {"factor": 1.0}
        self.tensor = torch.ones(1)
        self.register_buffer("buffer", torch.ones(1))
        self.inner = nn.Linear(1, 1)
        nn.init.ones_(self.inner.weight)
        nn.init.zeros_(self.inner.bias)

    def forward(self, states: Tensor) -> Tensor:
        factor = (
            self.attribute
            * self.config.factor
            * sum(self.items)
            * self.named["factor"]
            * self.tensor
            * self.buffer
            * self.inner(torch.ones(1))
        )
        self.change(self, states)
        return states * factor


def replace_module(model: Toy, states: Tensor) -> None:
    model.inner = copy.deepcopy(model.inner)
    nn.init.zeros_(model.inner.weight)


def replace_buffer(model: Toy, states: Tensor) -> None:
    model.buffer = model.buffer + 1


CHANGES: dict[str, Callable[[Toy, Tensor], object]] = {
    "an attribute": lambda model, states: setattr(model, "attribute", 2.0),
    "a new attribute": lambda model, states: setattr(model, "last", states),
    "an attribute of a module inside": lambda model, states: setattr(model.inner, "bias", None),
    "a module": replace_module,
    "a buffer": replace_buffer,
    "a buffer's values": lambda model, states: model.buffer.add_(1),
    "a tensor's values": lambda model, states: model.tensor.mul_(3),
    "a list": lambda model, states: model.items.append(5.0),
    "a dictionary": lambda model, states: model.named.update(factor=4.0),
    "the configuration": lambda model, states: setattr(model.config, "factor", 7.0),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_pass_changes_is_put_back(what):
    steady = SteadyModel(Toy(CHANGES[what]).eval())
    for value in (1.0, 2.0, 3.0):
        assert steady(states=torch.tensor(value)).item() == value
    assert steady.changes_itself


def test_a_model_that_stays_as_it_is_runs_in_many_threads_at_once():
    both = Barrier(2, timeout=10)
    steady = SteadyModel(Toy(lambda model, states: both.wait()).eval())
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda value: steady(states=torch.tensor(value)), (1.0, 2.0))
        assert [output.item() for output in found] == [1, 2]
    assert not steady.changes_itself


def test_a_pass_beside_one_that_changes_the_model_is_run_again():
    began, changed = Event(), Event()

    def change(model: Toy, states: Tensor) -> None:
        if states.item() > 1:
            began.wait(10)
            model.attribute = 2.0
            changed.set()

    class Waits(Toy):
        def forward(self, states: Tensor) -> Tensor:
            if states.item() <= 1 and not changed.is_set():
                began.set()
                changed.wait(10)
            return super().forward(states)

    steady = SteadyModel(Waits(change).eval())
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda value: steady(states=torch.tensor(value)), (1.0, 3.0))
        assert [output.item() for output in found] == [1, 3]


@pytest.mark.parametrize(("tensor", "shape"), [("large", (LARGE,)), ("weight", (1, 1))])
def test_a_model_that_changes_its_weights_is_refused(tensor, shape):
    @torch.no_grad()
    def change(model: Toy, states: Tensor) -> None:
        tensors = {"large": model.large, "weight": model.inner.weight}
        tensors[tensor].add_(1)

    model = Toy(change).eval()
    model.large = torch.ones(LARGE)
    with pytest.raises(UserError) as caught:
        SteadyModel(model)(states=torch.ones(1))
    assert str(caught.value) == (
        f"The model Toy changes a tensor of shape {shape} while it runs; "
        "give a model that stays as it is."
    )
