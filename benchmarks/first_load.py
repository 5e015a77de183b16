"""Time and memory until the table and the projector are ready, compared with a plain wrapper."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from werkzeug.test import Client

from benchmarks.memory import peak_kib

SIDES = ("plain", "lit-plugins")
MODEL = "bench"
DATASET = "texts"


def measure(side: str, model: str, texts: str, examples: int) -> dict[str, float]:
    """Measures one side in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-m", "benchmarks.first_load", side, model, texts, str(examples)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def table(model: str, texts: str, sizes: list[int], rounds: int) -> Iterator[str]:
    """Yields a table's lines in Markdown: each side's best over some alternating rounds."""
    yield "| examples | | table ready, s | projector ready, s | peak memory, KiB an example |"
    yield "|---|---|---|---|---|"
    for size in sizes:
        runs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for _ in range(rounds):
            for side in SIDES:
                runs[side].append(measure(side, model, texts, size))
        best = {
            side: {name: min(run[name] for run in side_runs) for name in side_runs[0]}
            for side, side_runs in runs.items()
        }
        for side in SIDES:
            row = best[side]
            yield (
                f"| {size:,} | {side} | {row['table']:.2f} | {row['projector']:.2f} "
                f"| {row['kib']:.1f} |"
            )
        ratios = {name: best["plain"][name] / best["lit-plugins"][name] for name in best["plain"]}
        yield (
            f"| {size:,} | **ratio** | **{ratios['table']:.1f}** | **{ratios['projector']:.1f}** "
            f"| **{ratios['kib']:.1f}** |"
        )


def _run(side: str, model: str, texts: str, examples: int) -> dict[str, float]:
    from lit_plugins.data import load_table
    from lit_plugins.models.classifier import TextClassifier

    loaded = load_table(texts, label_names=("negative", "positive"), max_examples=examples)
    if side == "plain":
        app = plain_app(model, loaded)
    else:
        from lit_plugins.lit.build import build_app
        from lit_plugins.serve.api import api

        app = api(build_app({MODEL: TextClassifier.from_pretrained(model)}, {DATASET: loaded}))
    client = Client(app)
    answer = client.post(f"/get_dataset?dataset_name={DATASET}", data="{}").get_json()
    ids = [example["id"] for example in answer]
    _ask(client, "classification", ids[:1])  # the first forward pass sets up thread pools
    before = peak_kib()
    start = time.perf_counter()
    _ask(client, "classification", ids)
    ready = time.perf_counter() - start
    _ask(client, "pca", ids)
    projected = time.perf_counter() - start
    return {
        "table": ready,
        "projector": projected,
        "kib": (peak_kib() - before) / len(ids),
    }


def plain_app(model: str, loaded: Any) -> Any:
    """Makes LIT's own app for a model in a plain wrapper."""
    from lit_nlp import app as lit_app

    from benchmarks.plain_model import PlainModel
    from lit_plugins.embedded import EMBEDDED_MODELS, model_path
    from lit_plugins.lit.build import CLIENT_ROOT
    from lit_plugins.lit.dataset import lit_dataset_of

    path = str(model_path(model)) if model in EMBEDDED_MODELS else model
    return lit_app.LitApp(
        models={MODEL: PlainModel(path)},
        datasets={DATASET: lit_dataset_of(loaded, PlainModel.LABELS)},
        client_root=str(CLIENT_ROOT),
        default_layout="default",
    )


def _ask(client: Client, interpreter: str, ids: list[str]) -> None:
    # The same request as the page's, including the settings that the projector's module sends.
    config = {
        "dataset_name": DATASET,
        "model_name": MODEL,
        "field_name": "pooled",
        "use_input": False,
        "proj_kw": {"n_components": 3},
    }
    body = {"inputs": ids, "config": config if interpreter == "pca" else None}
    query = f"model={MODEL}&dataset_name={DATASET}&interpreter={interpreter}&do_predict=1"
    answer = client.post(f"/get_interpretations?{query}", data=json.dumps(body))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert len(answer.get_json()) == len(ids)


if __name__ == "__main__":
    side, model, texts, examples = sys.argv[1:]
    print(json.dumps(_run(side, model, texts, int(examples))))
