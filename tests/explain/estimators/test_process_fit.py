import torch

from lit_plugins.explain.estimators.process_fit import Process, common_factor

PROCESS = Process(torch.ones(2, dtype=torch.float64), torch.ones(3, dtype=torch.float64))
"""A process with five parameters."""


def test_errors_of_one_size_share_that_size():
    whitened = torch.full((105,), 3.0, dtype=torch.float64)
    torch.testing.assert_close(common_factor(PROCESS, whitened).item(), 9 * 105 / 100)


def test_how_well_many_pairs_foretold_the_next_counts_more():
    whitened = torch.cat([torch.full((50,), 2.0), torch.full((50,), 1.0)]).double()
    weights = torch.arange(1, 101).double()
    mean = (4 * weights[:50].sum() + weights[50:].sum()) / weights.sum()
    torch.testing.assert_close(common_factor(PROCESS, whitened), mean * 100 / 95)
