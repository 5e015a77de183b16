"""Actions of the page's visitors; each function sends the requests of one action."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlencode

from benchmarks.clients import Action, Client

CACHED = "cached prediction"
FILES = ("page", "script", "script again")
"""Kinds of requests that a browser sends before the page's scripts run."""

_SCRIPT = re.compile(r'(?:src|href)="\.?/?([^":]+\.(?:js|css))"')
_EQUAL_FOR_S = 1.0
_LABEL = "positive"


@dataclass(frozen=True)
class Visited:
    """A visitor's knowledge of a server after the first page.

    Attributes:
        dataset: the dataset's name.
        models: the models' names.
        ids: the ids of the dataset's examples.
        texts: the texts of these examples.
        scripts: the paths of the page's scripts and style sheets.
        explainers: the names of interpreters that take long.
        generators: the names of generators of counterfactuals.
        metrics: the name of metrics that are computed for the whole dataset.
    """

    dataset: str
    models: tuple[str, ...]
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    scripts: tuple[str, ...]
    explainers: tuple[str, ...]
    generators: tuple[str, ...]
    metrics: str

    @classmethod
    def of(
        cls,
        client: Client,
        *,
        explainers: Sequence[str],
        generators: Sequence[str],
        metrics: str,
    ) -> Visited:
        """Loads the page as a browser does.

        Raises:
            RuntimeError: the server does not serve the page.
        """
        page = client.get("page", "")
        if page is not None and page.status == 302:
            page = client.get("page", page.headers["Location"].removeprefix("./"))
        if page is None or page.status != 200:
            raise RuntimeError(f"no page: {page}")
        packed = page.headers["Content-Encoding"] == "gzip"
        html = (gzip.decompress(page.body) if packed else page.body).decode()
        info = client.json("get_info")
        dataset = next(name for name in info["datasets"] if not name.startswith("_"))
        examples = client.json(f"get_dataset?{urlencode({'dataset_name': dataset})}")
        return cls(
            dataset=dataset,
            models=tuple(info["models"]),
            ids=tuple(example["id"] for example in examples),
            texts=tuple(example["data"]["sentence"] for example in examples),
            scripts=tuple(dict.fromkeys(_SCRIPT.findall(html))),
            explainers=tuple(explainers),
            generators=tuple(generators),
            metrics=metrics,
        )

    def query(self, client: Client, **more: str) -> str:
        """Makes a query with the dataset, a random model, and further parameters."""
        model = client.random.choice(self.models)
        return urlencode({"model": model, "dataset_name": self.dataset, **more})

    def new_example(self, random: Random) -> dict[str, Any]:
        """Makes an example whose text nobody has sent before."""
        words = " ".join(random.choices(self.texts, k=3)).split()
        text = " ".join(random.sample(words, min(len(words), random.randint(8, 20))))
        name = f"{random.getrandbits(128):032x}"
        data = {"sentence": text, "label": _LABEL, "_id": name}
        return {"data": data, "id": name, "meta": {"added": True}}

    def equal_example(self) -> dict[str, Any]:
        """Makes an example with a new text, which is the same for all clients within a second."""
        return self.new_example(Random(int(time.time() / _EQUAL_FOR_S)))


def open_page(client: Client, visited: Visited) -> None:
    """Requests the page, and those of its files that a browser has not kept."""
    client.get("page", f"?models={','.join(visited.models)}")
    for path in visited.scripts:
        client.load("script", path)


def first_answers(client: Client, visited: Visited) -> None:
    """Sends the requests of starting scripts: the dataset, and every model's predictions on it."""
    client.post("metadata", "get_info", {})
    client.post("dataset", f"get_dataset?{urlencode({'dataset_name': visited.dataset})}", {})
    body = {"inputs": list(visited.ids), "config": None}
    for model in visited.models:
        options = {"model": model, "dataset_name": visited.dataset}
        query = urlencode({**options, "interpreter": "classification", "do_predict": "1"})
        client.post("first predictions", f"get_interpretations?{query}", body)


def cached_prediction(client: Client, visited: Visited) -> None:
    """Requests the prediction on an example of the dataset, which a click selects."""
    chosen = {"inputs": [client.random.choice(visited.ids)]}
    query = visited.query(client, requested_types="MulticlassPreds")
    client.post(CACHED, f"get_preds?{query}", chosen)


def cached_classification(client: Client, visited: Visited) -> None:
    """Requests the classification of some examples of the dataset, which the page selects."""
    query = visited.query(client, interpreter="classification", do_predict="1")
    chosen = client.random.sample(visited.ids, min(len(visited.ids), client.random.randint(1, 20)))
    client.post(
        "classification", f"get_interpretations?{query}", {"inputs": chosen, "config": None}
    )


def new_prediction(client: Client, visited: Visited) -> None:
    """Requests the prediction on a text that a user has typed."""
    query = visited.query(client, requested_types="MulticlassPreds")
    body = {"inputs": [visited.new_example(client.random)]}
    client.post("new prediction", f"get_preds?{query}", body)


def explanation(client: Client, visited: Visited) -> None:
    """Requests an explanation of a new text, one that others request too, or a known one."""
    chosen: Any = client.random.choice(
        (visited.new_example(client.random), visited.equal_example(), visited.ids[0])
    )
    name = client.random.choice(visited.explainers)
    query = visited.query(client, interpreter=name, do_predict="0")
    client.post(name, f"get_interpretations?{query}", {"inputs": [chosen], "config": None})


def counterfactuals(client: Client, visited: Visited) -> None:
    """Requests counterfactuals of a text of the dataset or of a new one."""
    name = client.random.choice(visited.generators)
    chosen: Any = client.random.choice(
        (visited.new_example(client.random), client.random.choice(visited.ids))
    )
    query = visited.query(client, generator=name)
    client.post(name, f"get_generated?{query}", {"inputs": [chosen]})


def metrics(client: Client, visited: Visited) -> None:
    """Requests the metrics of the whole dataset."""
    query = visited.query(client, metrics=visited.metrics)
    client.post("metrics", f"get_metrics?{query}", {"inputs": list(visited.ids)})


Visit = Callable[[Client, Visited], None]

_WEIGHTS: dict[Visit, float] = {
    open_page: 3.0,
    first_answers: 3.0,
    cached_prediction: 40.0,
    cached_classification: 10.0,
    new_prediction: 12.0,
    explanation: 16.0,
    counterfactuals: 8.0,
    metrics: 3.0,
}


def visits(visited: Visited, weights: Mapping[Visit, float] = _WEIGHTS) -> list[Action]:
    """Makes actions of visits with their weights; by default the mix of all visits."""
    return [Action(weight, partial(_do, visit, visited)) for visit, weight in weights.items()]


def _do(visit: Visit, visited: Visited, client: Client) -> None:
    visit(client, visited)
