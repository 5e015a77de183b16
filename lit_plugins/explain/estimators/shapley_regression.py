"""Shapley values and their standard errors from a part of the coalitions, by a Gaussian process.

Notation. A coalition of n players is a vector of signs s: +1 for members, -1 for the others. Its
pair's difference d(s) = v(s) - v(-s) is all that Shapley values depend on (see `coalitions`).

KernelSHAP fits d(s) = sum_i a_i s_i by weighted least squares (`least_squares`) and takes the rest
for noise. In a language model it is not: words act together in groups of three, five and so on,
and the important words do so most. `regress` models the rest r(s) = d(s) - sum_i a_i s_i as

    r(s) = sum_i c_i s_i + sum over odd groups G of z_G prod_{i in G} s_i + noise,

with independent normal c_i and z_G, whose variances are

    var(c_i) = 1000 sigma^2,    var(z_G) proportional to sigma^2 prod_{i in G} tanh(b_i),
    b_i = strength * importance_i / sum_j importance_j,
    importance_i = |a_i| / max_j |a_j| + 0.03.

The sum over all odd groups has a closed form, so r is a Gaussian process with the covariance

    cov(r(s), r(t)) / sigma^2 = 1000 sum_i s_i t_i
                                + sinh(sum_i b_i s_i t_i) / sinh(sum_i b_i) + noise [s = t].

Strength and noise are the pair that is likeliest by restricted likelihood, and sigma^2 follows.

Shapley values are integrals along the diagonal of the game's multilinear extension,

    phi_i = 1/2 * integral from -1 to 1 of (d d / d s_i)(t, ..., t) dt,

so they are linear in d, and their covariances with the data are integrals of polynomials, which
Gauss-Legendre quadrature computes exactly for up to 64 players. Posterior mean and standard
deviation of phi are linear algebra from there.

Sources: Lundberg and Lee (2017) for KernelSHAP; Owen (1972, "Multilinear extensions of games");
Rasmussen and Williams (2006, "Gaussian processes for machine learning", 2.2 and 2.7) for the
posterior of a process with a linear part; Patterson and Thompson (1971) for restricted likelihood.
The covariance is this package's own.

`make bench ARGS="--only accuracy"` shows the error and how well the standard errors hold: on
transformers fine-tuned for sentiment, the error is about half of KernelSHAP's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lit_plugins.explain.estimators.coalitions import kernel_weights

_LINEAR = 1e3
"""Prior variance of the linear part's correction, in units of sigma^2: large enough to be none."""
_STRENGTHS = (0.5, 1.0, 2.0, 4.0)
"""Candidates for the strength: the larger it is, the more of the variance large groups have."""
_NOISES = (1e-2, 1e-1)
"""Candidates for the noise, in units of sigma^2."""
_LEAST_IMPORTANCE = 0.03
_CHOSEN_ON = 128
"""Pairs that strength and noise are chosen on, besides one a player."""
_NODES = 32
_KNOWN = 1e-6
"""Noise of the full and the empty text's values, which are measured, in units of sigma^2."""
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
    signs = np.concatenate([np.ones((1, players)), np.where(members, 1.0, -1.0)])
    missed = np.concatenate([[total], differences]) - signs @ linear
    if np.abs(missed).max() <= _NOTHING:
        return linear, np.zeros(players)
    importance = np.abs(linear) / max(np.abs(linear).max(), _NOTHING) + _LEAST_IMPORTANCE
    correction, error = _posterior(
        torch.from_numpy(signs),
        torch.from_numpy(missed),
        torch.from_numpy(importance / importance.sum()),
    )
    values = linear + correction
    # The process knows the sum up to rounding, which is spread evenly.
    return values + (total - values.sum()) / players, error


def _posterior(signs: Tensor, missed: Tensor, importance: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and standard deviation of the Shapley values of r, float64 [players] each.

    Args:
        signs: float64 [1 + pairs, players]; the first row is the full coalition.
        missed: r, float64 [1 + pairs].
        importance: float64 [players], which add up to 1.
    """
    bends = torch.outer(torch.tensor(_STRENGTHS, dtype=signs.dtype), importance)
    bends = bends.repeat_interleave(len(_NOISES), 0)
    noises = torch.tensor(_NOISES, dtype=signs.dtype).repeat(len(_STRENGTHS))
    some = slice(signs.shape[1] + _CHOSEN_ON)
    candidates = _fit(signs[some], missed[some], bends, noises)
    best = int(candidates.unlikelihood.argmin())
    chosen = _fit(signs, missed, bends[best : best + 1], noises[best : best + 1])
    with_data, prior = _shapley_covariances(signs, bends[best])
    explained = torch.linalg.solve_triangular(chosen.factor[0], with_data, upper=False)
    variance = chosen.scale[0] * (prior - explained.square().sum(0)).clamp(min=0)
    return (explained.T @ chosen.whitened[0]).numpy(), variance.sqrt().numpy()


@dataclass(frozen=True, eq=False)
class _Fits:
    """Processes with different strengths and noises; each tensor's first dimension is theirs.

    Attributes:
        factor: Cholesky factor L of the data's covariance, [processes, 1 + pairs, 1 + pairs].
        whitened: L^-1 r, [processes, 1 + pairs].
        scale: sigma^2 = |L^-1 r|^2 / (1 + pairs - players), [processes].
        unlikelihood: -2 times the restricted log-likelihood, up to a constant, [processes].
    """

    factor: Tensor
    whitened: Tensor
    scale: Tensor
    unlikelihood: Tensor


def _fit(signs: Tensor, missed: Tensor, bends: Tensor, noises: Tensor) -> _Fits:
    # exp(b x) = cosh(b) (1 + x tanh(b)) for x = +1 or -1. So sinh(sum_i b_i s_i t_i) is, up to the
    # factor prod_i cosh(b_i), the sum over odd groups G of prod_{i in G} tanh(b_i) s_i t_i.
    covariance = torch.sinh((signs * bends.unsqueeze(1)) @ signs.T)
    covariance = covariance / torch.sinh(bends.sum(-1))[:, None, None]
    covariance += _LINEAR * (signs @ signs.T)
    variances = covariance.diagonal(dim1=1, dim2=2)  # a view
    variances += noises.unsqueeze(1)
    variances[:, 0] += _KNOWN - noises
    factor = torch.linalg.cholesky(covariance)
    column = missed.expand(len(bends), -1).unsqueeze(-1)
    whitened = torch.linalg.solve_triangular(factor, column, upper=False).squeeze(-1)
    freedom = len(missed) - signs.shape[1]
    scale = whitened.square().sum(1) / freedom
    sizes = factor.diagonal(dim1=1, dim2=2).log().sum(1)
    return _Fits(factor, whitened, scale, freedom * scale.log() + 2 * sizes)


def _shapley_covariances(signs: Tensor, bends: Tensor) -> tuple[Tensor, Tensor]:
    """Prior covariances of the Shapley values of r with r, and their variances, over sigma^2.

    Returns:
        float64 [1 + pairs, players] and [players].
    """
    players = len(bends)
    weights = torch.tanh(bends)
    size = torch.exp(0.5 * torch.log1p(-weights.square()).sum()) * torch.sinh(bends.sum())
    nodes = np.polynomial.legendre.leggauss(min(players // 2 + 1, _NODES))
    points, shares = (torch.from_numpy(array) for array in nodes)
    with_data = _LINEAR * signs
    for point, share in zip(points, shares, strict=True):
        with_data = with_data + share / size * _slope(signs * weights, point)
    products = torch.outer(points, points).reshape(-1, 1)
    both = torch.outer(shares, shares).ravel()
    variances = both @ _slope(weights.expand(len(both), -1), products)
    return with_data, _LINEAR + variances / (2 * size)


def _slope(weights: Tensor, point: Tensor) -> Tensor:
    """Half the derivatives by s_i of sum over odd G of prod_{i in G} w_i s_i, at one point.

    At s = (point, ..., point) they are, since an even number of other players is left in each G,

        w_i / 4 * (prod_{j != i} (1 + w_j point) + prod_{j != i} (1 - w_j point)).

    Args:
        weights: w, float64 [rows, players].
        point: a number, or one a row.
    """
    up, down = 1 + weights * point, 1 - weights * point
    others = up.prod(1, keepdim=True) / up + down.prod(1, keepdim=True) / down
    return weights * others / 4
