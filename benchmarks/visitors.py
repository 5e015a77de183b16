"""Answers a second to many visitors, compared with LIT's own server with the same model."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType

from benchmarks.clients import Client, Sample, percentile, run_clients
from benchmarks.page_load import SIDES, medians, served
from benchmarks.visits import (
    CACHED,
    FILES,
    Visit,
    Visited,
    cached_classification,
    cached_prediction,
    counterfactuals,
    explanation,
    first_answers,
    new_prediction,
    open_page,
    visits,
)

CLIENTS = 32

# The explainer and the generator of each server: the same method, or the most similar one.
_METHODS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"LIT": ("LIME", "Ablation Flip"), "lit-plugins": ("LIME", "Ablation")}
)
_CHEAP: dict[Visit, float] = {
    cached_prediction: 40.0,
    cached_classification: 10.0,
    new_prediction: 12.0,
    first_answers: 3.0,
}
_MIXES: Mapping[str, dict[Visit, float]] = MappingProxyType(
    {
        "predictions": _CHEAP,
        "and explanations": {**_CHEAP, explanation: 8.0, counterfactuals: 4.0},
    }
)


def table(model: str, texts: str, seconds: float, rounds: int) -> Iterator[str]:
    """Yields a table's lines in Markdown: each side's median over some alternating rounds.

    Args:
        model: the model that both sides load.
        texts: the dataset that both sides show.
        seconds: time in each round after which no request is sent; later answers still count, and
            so does the time until the last one.
        rounds: number of rounds of each side.
    """
    yield "| | | answers a second | cached prediction, p50, ms | p95, ms | not answered |"
    yield "|---|---|---|---|---|---|"
    token = secrets.token_urlsafe(32)
    with served("LIT", model, texts) as stock, served("lit-plugins", model, texts, token) as ours:
        addresses = dict(zip(SIDES, (stock, ours), strict=True))
        seen = {side: _first_visit(side, address) for side, address in addresses.items()}
        for name, mix in _MIXES.items():
            runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
            for number in range(rounds):
                for side, address in addresses.items():
                    begun = time.perf_counter()
                    samples = run_clients(
                        address,
                        partial(open_page, visited=seen[side]),
                        visits(seen[side], mix),
                        seconds,
                        clients=CLIENTS,
                        seed=number * CLIENTS,
                    )
                    runs[side].append(_figures(samples, time.perf_counter() - begun))
            yield from _rows(name, runs)


def _first_visit(side: str, address: str) -> Visited:
    client = Client(address)
    explainer, generator = _METHODS[side]
    seen = Visited.of(
        client, explainers=(explainer,), generators=(generator,), metrics="multiclass"
    )
    first_answers(client, seen)  # makes the server predict everything once
    client.close()
    return seen


def _figures(samples: list[Sample], seconds: float) -> dict[str, float]:
    # Files do not count: one side's page has many small files, the other's has one large file.
    asked = [sample for sample in samples if sample.kind not in FILES]
    answered = [sample for sample in asked if sample.status == 200]
    cached = [sample.seconds for sample in answered if sample.kind == CACHED]
    return {
        "rate": len(answered) / seconds,
        "p50": percentile(cached, 50) * 1000,
        "p95": percentile(cached, 95) * 1000,
        "missing": len(asked) - len(answered),
    }


def _rows(name: str, runs: Mapping[str, list[dict[str, float]]]) -> Iterator[str]:
    middle = medians(runs)
    for side, row in middle.items():
        yield (
            f"| {name} | {side} | {row['rate']:.1f} | {row['p50']:,.0f} | {row['p95']:,.0f} "
            f"| {row['missing']:.0f} |"
        )
    stock, ours = (middle[side] for side in SIDES)
    yield (
        f"| {name} | **ratio** | **{ours['rate'] / stock['rate']:.1f}** "
        f"| **{stock['p50'] / ours['p50']:.1f}** | **{stock['p95'] / ours['p95']:.1f}** | |"
    )
