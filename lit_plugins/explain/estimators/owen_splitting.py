"""Splits the worth of groups of tokens down a tree: recursive Owen values on a budget.

The order in which shap splits groups depends on the values, so where the budget does not last to
the end of the tree the result does too. This keeps to shap's order, and asks for many values at a
time all the same: what is next in line is asked for with what is wanted now.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush, nsmallest
from itertools import count

import numpy as np

from lit_plugins.explain.estimators.token_tree import TokenTree

Asking = Generator[np.ndarray, np.ndarray, "Split"]
"""Yields which tokens are kept, bool [texts, tokens], is sent the values of those texts, float
[texts, classes], and returns the outcome."""


@dataclass(frozen=True, eq=False)
class Split:
    """The outcome.

    Attributes:
        credit: float64 [nodes, classes]; a group has what its parts did not get for want of
            budget.
        base_value: float64 [classes], the values without any of the tokens.
        evaluations: texts that were asked for.
    """

    credit: np.ndarray
    base_value: np.ndarray
    evaluations: int


@dataclass(order=True)
class _Waiting:
    priority: float
    turn: int
    node: int = field(compare=False)
    around: np.ndarray = field(compare=False)  # the tokens that are kept beside the node's
    values: tuple[np.ndarray, np.ndarray] = field(compare=False)  # without and with the node's
    weight: float = field(compare=False)


def split(
    tree: TokenTree,
    fixed: np.ndarray,
    full: np.ndarray,
    *,
    budget: int,
    batch_size: int,
    lookahead: int,
) -> Asking:
    """Splits a text's worth between the parts of its tree, in the order of shap.

    Args:
        tree: the tokens' tree.
        fixed: bool [tokens], those that are never masked.
        full: float64 [classes], the values of the whole text.
        budget: masked texts, as shap counts them: twice if they come up twice.
        batch_size: masked texts after which the order is looked at anew.
        lookahead: how many texts to ask for at a time, if there are as many to come.
    """
    known = {np.ones(tree.tokens, dtype=bool).tobytes(): full}
    credit = np.zeros((len(tree.members), len(full)))
    queue: list[_Waiting] = []
    turns = count()

    def new(masks: Sequence[np.ndarray]) -> dict[bytes, np.ndarray]:
        effective = [mask | fixed for mask in masks]
        return {mask.tobytes(): mask for mask in effective if mask.tobytes() not in known}

    def ask(wanted: dict[bytes, np.ndarray]) -> Generator[np.ndarray, np.ndarray, None]:
        values = yield np.array(list(wanted.values()))
        known.update(zip(wanted, values, strict=True))

    def value(mask: np.ndarray) -> np.ndarray:
        return known[(mask | fixed).tobytes()]

    def push(node: int, around: np.ndarray, whole: np.ndarray, weight: float) -> None:
        values = (value(around), value(whole))
        priority = -float(np.abs(values[1] - values[0]).max()) * weight
        heappush(queue, _Waiting(priority, next(turns), node, around, values, weight))

    def settle(item: _Waiting) -> None:
        credit[item.node] += (item.values[1] - item.values[0]) * item.weight

    def halves(item: _Waiting) -> list[np.ndarray]:
        parts = tree.parts[item.node - tree.tokens] if item.node >= tree.tokens else ()
        return [item.around | tree.members[part] for part in parts]

    nothing = np.zeros(tree.tokens, dtype=bool)
    if wanted := new([nothing]):
        yield from ask(wanted)
    push(len(tree.members) - 1, nothing, ~nothing, 1.0)
    lasts = _evaluations(tree) <= budget
    spent = 0
    while queue and spent < budget:
        batch: list[_Waiting] = []
        while queue and 2 * len(batch) < batch_size and spent < budget:
            item = heappop(queue)
            if item.node < tree.tokens:
                settle(item)
            else:
                batch.append(item)
                spent += 2
        if wanted := new([mask for item in batch for mask in halves(item)]):
            room = lookahead - len(wanted)
            if not lasts:  # only as many as came up twice, so that no more are run than may be
                room = min(room, spent - (len(known) - 2) - len(wanted))
            for item in nsmallest(max(room // 2, 0), queue):
                wanted |= new(halves(item))
            yield from ask(wanted)
        for item in batch:
            whole = item.around | tree.members[item.node]
            for part, beside in zip(tree.parts[item.node - tree.tokens], halves(item), strict=True):
                rest = whole & ~tree.members[part]
                push(part, item.around, beside, item.weight / 2)
                push(part, rest, whole, item.weight / 2)
    for item in queue:
        settle(item)
    return Split(credit, value(nothing), len(known))


def _evaluations(tree: TokenTree) -> int:
    """Masked texts for the whole tree: two a split, and each level is split twice as often."""
    times = np.ones(len(tree.members), dtype=object)  # whole numbers of any size
    for node in range(len(times) - 1, tree.tokens - 1, -1):
        for part in tree.parts[node - tree.tokens]:
            times[part] = 2 * times[node]
    return 2 * int(times[tree.tokens :].sum())
