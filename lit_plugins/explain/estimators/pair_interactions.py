"""Interactions of pairs of players, from the pairs of coalitions that give Shapley values.

What is computed. The interaction index of Grabisch and Roubens (1999) for two of n players,

    I_ij = sum over T without i, j of  |T|! (n - |T| - 2)! / (n - 1)!
           * (v(T + i + j) - v(T + i) - v(T + j) + v(T)).

It is positive where the two together add more than each alone, on average over all orders. It is
the SII of shapiq, and the second order of its 2-SII, which is the n-Shapley value of order 2 (Bordt
and von Luxburg, 2023). The first order of 2-SII is phi_i - 1/2 sum_j I_ij, with Shapley values phi;
these and the I_ij of all unordered pairs add up to v(all) - v(none). Lundberg et al. (2020) give
half of I_ij to each of the entries i, j and j, i of their matrix for trees.

Notation. A coalition is a vector of signs s: +1 for members, -1 for the others. The weights in I_ij
of a coalition and of its complement are equal, so I_ij depends only on the sums of such pairs,
e(s) = v(s) + v(-s): on what the differences of the same pairs (`shapley_process`) leave out. If
all pairs are known, `enumerated` adds up the definition.

From a part of the pairs, `estimated` models e as a Gaussian process, an even counterpart of that
in `shapley_process`:

    e(s) = c + sum over even groups G of z_G prod_{k in G} s_k + noise,

with a constant c and independent normal z_G,

    var(c) = 1000 sigma^2,    var(z_G) proportional to sigma^2 prod_{k in G} tanh(b_k),
    b_k = strength * importance_k / sum_l importance_l,
    importance_k = |phi_k| / max_l |phi_l| + 0.2,

since words that matter by themselves also take part in most of what words do together. The sum over
all even groups has a closed form:

    cov(e(s), e(t)) / sigma^2 = 1000 + cosh(sum_k b_k s_k t_k) / cosh(sum_k b_k) + noise_s [s = t].

noise_s is in inverse proportion to the pair's weight in KernelSHAP. So the few pairs of the
smallest and largest coalitions, which interactions depend on most, count in full beside the many
others. Strength and noise are the pair that is likeliest by restricted likelihood, and sigma^2
follows.

Interactions are integrals along the diagonal of the game's multilinear extension (Owen, 1972),

    I_ij = integral from -1 to 1 of (d^2 e / d s_i d s_j)(t, ..., t) dt,

so they are linear in e, and their covariances with the data are integrals of polynomials, which
Gauss-Legendre quadrature computes exactly for up to 65 players. Posterior mean and standard
deviation are linear algebra from there.

Sources: Grabisch and Roubens (1999, "An axiomatic approach to the concept of interaction among
players in cooperative games"); Lundberg et al. (2020, "From local explanations to global
understanding with explainable AI for trees"); Bordt and von Luxburg (2023, "From Shapley values to
generalized additive models and back"); Fumagalli et al. (2023, "SHAP-IQ") for the other estimators;
Rasmussen and Williams (2006, "Gaussian processes for machine learning") for the posterior. The
covariance is this package's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import torch
from torch import Tensor

from lit_plugins.explain.estimators.coalitions import kernel_weights

_CONSTANT = 1e3
"""Prior variance of the constant, in units of sigma^2: large enough to be none."""
_STRENGTHS = (0.5, 1.0, 2.0, 4.0)
"""Candidates for the strength: the larger it is, the more of the variance large groups have."""
_NOISES = (1e-4, 1e-3, 1e-2, 1e-1)
"""Candidates for the geometric mean of the noise, in units of sigma^2."""
_LEAST_IMPORTANCE = 0.2
_CHOSEN_ON = 256
"""Pairs that strength and noise are chosen on, besides one a player."""
_NODES = 32
_KNOWN = 1e-6
"""Noise of the full and the empty text's values, which are measured, in units of sigma^2."""
_NOTHING = 1e-12


def enumerated(members: np.ndarray, sums: np.ndarray, whole: float) -> np.ndarray:
    """The interactions of all pairs of players, from all pairs of coalitions.

    Args:
        members: bool [pairs, players], one coalition of each pair, without the full and empty ones.
        sums: float64 [pairs], the value of each coalition plus its complement's.
        whole: the full coalition's value plus the empty one's.

    Returns:
        float64 [players, players], symmetric, with 0 on the diagonal.
    """
    players = members.shape[1]
    if players < 2:
        return np.zeros((players, players))
    inside = np.concatenate([np.ones((1, players)), members])
    values = np.concatenate([[whole], sums])[:, np.newaxis]
    sizes = inside.sum(1, dtype=np.int64)
    # By the number of other members; -1 and -2, which no pair has, are the two at the end.
    weights = np.array([1 / comb(players - 2, others) for others in range(players - 1)] + [0, 0])
    both, one, none = (values * weights[sizes - taken, np.newaxis] for taken in (2, 1, 0))
    mixed = (one * inside).T @ (1 - inside)
    total = (both * inside).T @ inside + (none * (1 - inside)).T @ (1 - inside) - mixed - mixed.T
    np.fill_diagonal(total, 0)
    return total / (players - 1)


def estimated(
    members: np.ndarray, sums: np.ndarray, whole: float, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The interactions of all pairs of players and their standard errors, from some coalitions.

    Args:
        members: the first of the pairs that `draw_pairs` gave, as in `enumerated`.
        sums: as in `enumerated`.
        whole: as in `enumerated`.
        scores: float64 [players], the players' Shapley values, which need not be exact.

    Returns:
        The interactions, as `enumerated` returns them, and their errors, likewise.
    """
    players = members.shape[1]
    data = torch.from_numpy(np.concatenate([[whole], sums]) - sums.mean())
    if data.abs().max() <= _NOTHING:
        return np.zeros((players, players)), np.zeros((players, players))
    signs = torch.from_numpy(np.concatenate([np.ones((1, players)), np.where(members, 1.0, -1.0)]))
    importance = np.abs(scores) / max(np.abs(scores).max(), _NOTHING) + _LEAST_IMPORTANCE
    process = _likeliest(signs, data, _noise_shares(members), importance / importance.sum())
    return _posterior(signs, process)


@dataclass(frozen=True, eq=False)
class _Process:
    """A process that was fitted to data.

    Attributes:
        bends: b, float64 [players].
        factor: Cholesky factor L of the data's covariance over sigma^2, [1 + pairs, 1 + pairs].
        whitened: L^-1 e, [1 + pairs].
        scale: sigma^2 = |L^-1 e|^2 / pairs.
        unlikelihood: -2 times the restricted log-likelihood, up to a constant.
    """

    bends: Tensor
    factor: Tensor
    whitened: Tensor
    scale: Tensor
    unlikelihood: float


def _noise_shares(members: np.ndarray) -> Tensor:
    """The data's noises as multiples of one number, float64 [1 + pairs]; 0 for the full text."""
    logs = -np.log(kernel_weights(members))
    return torch.from_numpy(np.concatenate([[0.0], np.exp(logs - logs.mean())]))


def _likeliest(
    signs: Tensor, data: Tensor, noise_shares: Tensor, importance: np.ndarray
) -> _Process:
    some = slice(signs.shape[1] + _CHOSEN_ON)
    candidates = [
        (strength * torch.from_numpy(importance), noise * noise_shares)
        for strength in _STRENGTHS
        for noise in _NOISES
    ]
    bends, noises = min(
        candidates,
        key=lambda candidate: (
            _fitted(signs[some], data[some], candidate[0], candidate[1][some]).unlikelihood
        ),
    )
    return _fitted(signs, data, bends, noises)


def _fitted(signs: Tensor, data: Tensor, bends: Tensor, noises: Tensor) -> _Process:
    # exp(b x) = cosh(b) (1 + x tanh(b)) for x = +1 or -1. So cosh(sum_k b_k s_k t_k) is, up to the
    # factor prod_k cosh(b_k), the sum over even groups G of prod_{k in G} tanh(b_k) s_k t_k.
    covariance = torch.cosh((signs * bends) @ signs.T) / torch.cosh(bends.sum()) + _CONSTANT
    covariance.diagonal().add_(noises + _KNOWN)
    factor = torch.linalg.cholesky(covariance)
    whitened = torch.linalg.solve_triangular(factor, data.unsqueeze(1), upper=False).squeeze(1)
    freedom = len(data) - 1
    scale = whitened.square().sum() / freedom
    unlikelihood = freedom * scale.log() + 2 * factor.diagonal().log().sum()
    return _Process(bends, factor, whitened, scale, float(unlikelihood))


def _posterior(signs: Tensor, process: _Process) -> tuple[np.ndarray, np.ndarray]:
    """Posterior means and standard deviations of all interactions, [players, players] each."""
    players = signs.shape[1]
    means, variances = torch.zeros((2, players, players), dtype=signs.dtype)
    for first in range(players - 1):
        with_data, prior = _interaction_covariances(signs, process.bends, first)
        explained = torch.linalg.solve_triangular(process.factor, with_data, upper=False)
        means[first, first + 1 :] = explained.T @ process.whitened
        variances[first, first + 1 :] = (prior - explained.square().sum(0)).clamp(min=0)
    errors = (process.scale * variances).sqrt()
    return (means + means.T).numpy(), (errors + errors.T).numpy()


def _interaction_covariances(signs: Tensor, bends: Tensor, first: int) -> tuple[Tensor, Tensor]:
    """Prior covariances with e of the interactions of one player and each later one.

    The mixed second derivative of the sum over even groups G of prod_{k in G} w_k s_k is, since an
    even number of other players is left in each G, the even part in x of

        w_i w_j prod_{k not in (i, j)} (1 + w_k s_k x)     at the point s = (x, ..., x),

    and odd parts have no integral from -1 to 1.

    Returns:
        The covariances, float64 [1 + pairs, later players], and the variances of the
        interactions, [later players], all over sigma^2.
    """
    weights = torch.tanh(bends)
    # cosh(sum_k b_k) over prod_k cosh(b_k), without the overflow of either
    size = torch.exp(0.5 * torch.log1p(-weights.square()).sum()) * torch.cosh(bends.sum())
    nodes = np.polynomial.legendre.leggauss(min(max(len(bends) // 2, 1), _NODES))
    points, shares = (torch.from_numpy(array) for array in nodes)
    with_data = torch.zeros((len(signs), len(bends) - first - 1), dtype=signs.dtype)
    for point, share in zip(points, shares, strict=True):
        with_data += share * _mixed_slope(signs * weights, point, first)
    both = torch.outer(shares, shares).ravel()
    products = torch.outer(points, points).reshape(-1, 1)
    prior = both @ _mixed_slope(weights.expand(len(both), -1), products, first)
    return with_data / size, prior / size


def _mixed_slope(weights: Tensor, point: Tensor, first: int) -> Tensor:
    """w_i w_j prod_{k not in (i, j)} (1 + w_k x) for i = `first` and each j > i.

    Args:
        weights: w, float64 [rows, players].
        point: x, a number or one a row.
        first: i.

    Returns:
        float64 [rows, players after the first].
    """
    factors = 1 + weights * point
    ratios = weights / factors
    return factors.prod(1, keepdim=True) * ratios[:, first : first + 1] * ratios[:, first + 1 :]
