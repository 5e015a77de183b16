"""Splits the worth of a text down the tree of its tokens: recursive Owen values on a budget.

A group of tokens N stands beside a set A of tokens that are kept, and has the worth

    weight * (v(A + N) - v(A)),

where v is the model's value of the text with only those tokens. It is split between its parts L and
R by letting each come first: L gets

    weight / 2 * (v(A + L) - v(A))  +  weight / 2 * (v(A + L + R) - v(A + R)),

and R likewise, so L and R become groups themselves, twice each. The group with the largest worth is
split first. A group that is a token, or that the budget does not reach, keeps its worth as credit.

Sources: Owen (1977, "Values of games with a priori unions"); shap's `PartitionExplainer`, whose
order and counting are kept, so that the result is shap's even where the budget runs out. Values are
still asked for in large batches: the groups next in line are evaluated ahead of their turn.

`make bench ARGS="--only shap"` compares scores and times with shap's.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush, nsmallest
from itertools import count

import numpy as np

from lit_plugins.explain.estimators.token_tree import TokenTree

Asking = Generator[np.ndarray, np.ndarray, "Split"]
"""Yields the tokens to keep, bool [texts, tokens]; is sent the values of those texts, float
[texts, classes]; returns the outcome."""


@dataclass(frozen=True, eq=False)
class Split:
    """How the worth of a text is split.

    Attributes:
        credit: float64 [nodes, classes], the worth of tokens, and of groups that the budget did
            not reach.
        base_value: float64 [classes], the values of the text with all tokens masked.
        evaluations: number of texts whose values were computed.
    """

    credit: np.ndarray
    base_value: np.ndarray
    evaluations: int


@dataclass(order=True)
class _Group:
    """A group of tokens that waits to be split, ordered by its worth, largest first.

    Attributes:
        priority: minus the largest worth over the classes.
        turn: the order in which groups came, for equal priorities.
        node: the group's node in the tree.
        around: bool [tokens], the tokens that are kept beside it.
        values: the values, float64 [classes], without and with the group.
        weight: its weight.
    """

    priority: float
    turn: int
    node: int = field(compare=False)
    around: np.ndarray = field(compare=False)
    values: tuple[np.ndarray, np.ndarray] = field(compare=False)
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
    """Splits a text's worth between the nodes of its tree, in the order of shap.

    Args:
        tree: the tree of the text's tokens.
        fixed: bool [tokens], the tokens that are never masked.
        full: float64 [classes], the values of the whole text.
        budget: number of masked texts, counted as shap does: a text that comes up twice counts
            twice.
        batch_size: number of masked texts after which the groups are ordered anew.
        lookahead: number of texts to ask for at a time, if so many are to come.
    """
    known = {np.ones(tree.tokens, dtype=bool).tobytes(): full}
    credit = np.zeros((len(tree.members), len(full)))
    queue: list[_Group] = []
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
        heappush(queue, _Group(priority, next(turns), node, around, values, weight))

    def settle(item: _Group) -> None:
        credit[item.node] += (item.values[1] - item.values[0]) * item.weight

    def halves(item: _Group) -> list[np.ndarray]:
        parts = tree.parts[item.node - tree.tokens] if item.node >= tree.tokens else ()
        return [item.around | tree.members[part] for part in parts]

    nothing = np.zeros(tree.tokens, dtype=bool)
    if wanted := new([nothing]):
        yield from ask(wanted)
    push(len(tree.members) - 1, nothing, ~nothing, 1.0)
    lasts = _evaluations(tree) <= budget
    spent = 0
    while queue and spent < budget:
        batch: list[_Group] = []
        while queue and 2 * len(batch) < batch_size and spent < budget:
            item = heappop(queue)
            if item.node < tree.tokens:
                settle(item)
            else:
                batch.append(item)
                spent += 2
        if wanted := new([mask for item in batch for mask in halves(item)]):
            room = lookahead - len(wanted)
            if not lasts:  # no more than came up twice, so that the budget is not exceeded
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
    """Number of masked texts for the whole tree: two a split; parts are split twice as often."""
    times = np.ones(len(tree.members), dtype=object)  # Python integers, which do not overflow
    for node in range(len(times) - 1, tree.tokens - 1, -1):
        for part in tree.parts[node - tree.tokens]:
            times[part] = 2 * times[node]
    return 2 * int(times[tree.tokens :].sum())
