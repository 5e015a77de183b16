"""Models are no larger than their files."""

from __future__ import annotations

from threading import Thread

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from lit_plugins.errors import UserError
from lit_plugins.models.model_size import Size, bounded, check_counts, saved_size

SMALL = Size(1_000, 10)


def test_the_size_is_that_of_all_headers(tmp_path):
    save_file(
        {"a": torch.zeros(3, 5), "b": torch.zeros(2, dtype=torch.bfloat16)},
        tmp_path / "1.safetensors",
    )
    save_file({"c": torch.zeros(7), "d": torch.zeros(())}, tmp_path / "2.safetensors")
    assert saved_size(tmp_path) == Size(numbers=15 + 2 + 7 + 1, tensors=4)


@pytest.mark.parametrize(
    "config",
    [
        {"num_labels": 10**9},
        {"num_hidden_layers": 10**12},
        {"n_layer": 10**400},
        {"text_config": {"encoder_layers": 2_001}},
    ],
)
def test_a_count_of_more_parts_than_numbers_is_refused(config):
    with pytest.raises(UserError, match="'m' has the .* and its files have 1,000 weights; save"):
        check_counts(config, SMALL, "m")


def test_other_settings_are_no_counts():
    config = {"rope_theta": 10**9, "num_labels": 3, "num_layers": None, "layers": [10**9], "n": "x"}
    check_counts(config, SMALL, "m")
    check_counts(["no", "object"], SMALL, "m")


def test_what_is_far_larger_than_the_files_is_not_built():
    with (
        pytest.raises(UserError, match="far larger model than that of its files, which have 1,000"),
        bounded(SMALL, "m"),
        torch.device("meta"),
    ):
        nn.Embedding(10**9, 10**6)
    with pytest.raises(UserError), bounded(SMALL, "m"), torch.device("meta"):
        nn.ModuleList([nn.Linear(1, 1) for _ in range(10**9)])
    with pytest.raises(UserError), bounded(SMALL, "m"), torch.device("meta"):
        nn.Module().register_buffer("mask", torch.ones(10**6, 10**6))


def test_what_fits_the_files_is_built():
    with bounded(SMALL, "m"):
        nn.Linear(10, 100)
        other = Thread(target=lambda: [nn.Linear(1, 1) for _ in range(1_000)])
        other.start()
        other.join()
    [nn.Linear(1, 1) for _ in range(1_000)]
