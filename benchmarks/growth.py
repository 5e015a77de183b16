"""Time and memory by length and number of texts; each point runs in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks import markdown
from benchmarks.memory import current_kib, forget_peak, peak_kib
from benchmarks.workloads import Workload
from lit_plugins.models.classifier import TextClassifier


def by_tokens(
    work: Workload, texts: Sequence[str], sizes: Sequence[int], methods: Sequence[str], device: str
) -> Iterator[str]:
    """Yields a table's lines for one text of each size in tokens, made of words of `texts`."""
    points = [(str(size), [of_tokens(work.classifier, texts, size)]) for size in sizes]
    return _table(work, "tokens of one text", points, methods, device)


def by_texts(
    work: Workload, texts: Sequence[str], sizes: Sequence[int], methods: Sequence[str], device: str
) -> Iterator[str]:
    """Yields a table's lines for each number of texts; `texts` repeat if there are too few."""
    points = [(f"{size:,}", [texts[index % len(texts)] for index in range(size)]) for size in sizes]
    return _table(work, "texts", points, methods, device)


def of_tokens(classifier: TextClassifier, texts: Sequence[str], tokens: int) -> str:
    """Makes the longest text of whole words with at most `tokens` tokens, special ones included.

    It has at least one word, and no more tokens than the model reads.
    """
    words: list[str] = []
    while len(words) < tokens:
        words += " ".join(texts).split()
    low, high = 1, tokens
    while low < high:
        middle = (low + high + 1) // 2
        (encoded,) = classifier.encode([" ".join(words[:middle])])
        fits = len(encoded.tokens) <= tokens and not encoded.truncated
        low, high = (middle, high) if fits else (low, middle - 1)
    return " ".join(words[:low])


def _table(
    work: Workload,
    what: str,
    points: Sequence[tuple[str, Sequence[str]]],
    methods: Sequence[str],
    device: str,
) -> Iterator[str]:
    yield markdown.head(
        f"{work.name}", what, "tokens", "evaluations", "seconds", "peak memory, MiB more"
    )
    for method in methods:
        for size, texts in points:
            point = _measure(
                {
                    "folder": str(work.folder),
                    "device": device,
                    "method": method,
                    "texts": list(texts),
                }
            )
            yield markdown.row(
                f"`{method}`",
                size,
                f"{point['tokens']:,.0f}",
                f"{point['evaluations']:,.0f}",
                f"{point['seconds']:.2f}",
                f"{point['mib']:.0f}",
            )


def _measure(order: dict[str, Any]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.growth"]
    done = subprocess.run(
        command, input=json.dumps(order), check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _run(folder: str, device: str, method: str, texts: Sequence[str]) -> dict[str, float]:
    from lit_plugins.explain import explain, explain_each

    classifier = TextClassifier.from_pretrained(folder, device=device)
    tokens = sum(len(text.tokens) for text in classifier.encode(texts))
    explain(classifier, ["a good film"], method)  # makes libraries load their modules
    forget_peak()
    before = current_kib()
    start = time.perf_counter()
    # Explanations are not kept, as in a program that writes each of them to a file.
    explanations = explain_each(classifier, texts, method)
    evaluations = sum(explanation.evaluations for explanation in explanations)
    seconds = time.perf_counter() - start
    return {
        "tokens": tokens,
        "evaluations": evaluations,
        "seconds": seconds,
        "mib": max(peak_kib() - before, 0) / 1024,
    }


if __name__ == "__main__":
    print(json.dumps(_run(**json.load(sys.stdin))))
