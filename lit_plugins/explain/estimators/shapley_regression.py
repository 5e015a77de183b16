"""Shapley values from a part of the coalitions: KernelSHAP, and with standard errors.

KernelSHAP (Lundberg and Lee, 2017) takes a pair's difference d(s) = v(s) - v(-s), of a coalition
with the signs s and its complement, for a sum of what each word adds, sum_i a_i s_i. It fits the
a_i by weighted least squares (`least_squares`) and takes the rest for noise. In a language model it
is not: words act together, and the important words do so most. `regress` models the rest as well
(`shapley_process`).

`make bench ARGS="--only games accuracy"` shows both errors, and how well the standard errors hold.
"""

from __future__ import annotations

import numpy as np
import torch

from lit_plugins.explain.estimators.coalitions import kernel_weights
from lit_plugins.explain.estimators.process_fit import with_whole
from lit_plugins.explain.estimators.shapley_process import fit, shapley_values

_NOTHING = 1e-12


def least_squares(members: np.ndarray, differences: np.ndarray, total: float) -> np.ndarray:
    """KernelSHAP's values, which are the exact Shapley values if all pairs are given.

    They minimise sum over pairs of w(s) (d(s) - sum_i a_i s_i)^2 with sum_i a_i = total.

    Args:
        members: bool [pairs, players], as drawn.
        differences: float64 [pairs], the value of each coalition minus its complement's.
        total: the full coalition's value minus the empty one's.

    Returns:
        float64 [players], which add up to `total`.
    """
    signs = np.where(members, 1.0, -1.0)
    weighted = signs * kernel_weights(members)[:, np.newaxis]
    # The 1.0 penalises the sum of the values. Since that sum is fixed, this changes nothing but
    # makes the matrix invertible.
    inverse = torch.linalg.inv(torch.from_numpy(signs.T @ weighted + 1.0)).numpy()
    along = inverse.sum(1) / inverse.sum()
    projected = inverse - np.outer(along, inverse.sum(0))
    return projected @ (weighted.T @ differences) + along * total


def regress(
    members: np.ndarray, differences: np.ndarray, total: float
) -> tuple[np.ndarray, np.ndarray]:
    """Shapley values and their standard errors from a part of the pairs.

    Args:
        members: as in `least_squares`.
        differences: as in `least_squares`.
        total: as in `least_squares`.

    Returns:
        The values, float64 [players], which add up to `total`, and their errors, likewise.
    """
    players = members.shape[1]
    linear = least_squares(members, differences, total)
    signs, known = with_whole(members, differences, total)
    start = torch.from_numpy(linear)
    if (known - signs @ start).abs().max() <= _NOTHING:
        return linear, np.zeros(players)
    values, error = shapley_values(fit(signs, known, start), signs, known)
    # The process knows the sum up to rounding, which is spread evenly.
    return values + (total - values.sum()) / players, error
