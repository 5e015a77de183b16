"""How much of the machine's best float32 matrix-product rate each method reaches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks import flops, markdown
from benchmarks.workloads import Case, Workload
from lit_plugins import explain

METHODS = ("shapley", "owen", "integrated_gradients")
SHAPES = ((768, 3072), (3072, 768), (768, 768), (384, 1536), (2048, 2048))
ROWS = (512, 1024, 2048)


@dataclass(frozen=True)
class Kernel:
    """One way to multiply matrices of one size."""

    name: str
    flops: int
    run: Callable[[], object]
    device: torch.device

    def rate(self, seconds: float) -> float:
        """Operations a second over at least so many seconds."""
        done, start = 0, time.perf_counter()
        with torch.inference_mode():
            while (spent := time.perf_counter() - start) < seconds or not done:
                self.run()
                _wait(self.device)
                done += 1
        return done * self.flops / spent


def kernels(device: torch.device) -> list[Kernel]:
    """torch's products and, where they are, oneDNN's on packed weights, in some sizes."""
    found = []
    for rows in ROWS:
        for wide, high in SHAPES:
            inputs, weight = torch.rand(rows, wide), torch.rand(high, wide)
            ways: dict[str, Callable[[], object]] = {}
            left, right = inputs.to(device), weight.to(device)
            ways["mm"] = partial(torch.mm, left, right.t().contiguous())
            ways["linear"] = partial(functional.linear, left, right)
            if device.type == "cpu" and (packed := _packed(inputs, weight)):
                ways["oneDNN, packed"] = packed
            count = 2 * rows * wide * high
            for name, run in ways.items():
                found.append(Kernel(f"{name}, {rows}×{wide}×{high}", count, run, device))
    return found


def table(work: Workload, texts: Sequence[str], chunk: int, seconds: float) -> Iterator[str]:
    """Each method's rate by turns with the fastest kernel's.

    Args:
        work: the model.
        texts: what to explain.
        chunk: texts between two looks at the kernel.
        seconds: how long such a look takes.
    """
    cases = work.cases(texts)
    device = work.model.device
    best = max(kernels(device), key=lambda kernel: max(kernel.rate(seconds / 8) for _ in range(2)))
    measured = [best.rate(seconds)]
    spent = dict.fromkeys(METHODS, 0.0)
    ran = dict.fromkeys(METHODS, 0)
    asked = dict.fromkeys(METHODS, 0)
    for method in METHODS:
        _explain(work, method, cases[:1])
    for start in range(0, len(cases), chunk):
        some = cases[start : start + chunk]
        for method in METHODS:
            before = time.perf_counter()
            evaluations = _explain(work, method, some)
            spent[method] += time.perf_counter() - before
            measured.append(best.rate(seconds))
            for case, count in zip(some, evaluations, strict=True):
                asked[method] += _nominal(work, method, case, count)
    for method in METHODS:  # counting slows down, so it is done in a pass of its own
        for start in range(0, len(cases), chunk):
            some = cases[start : start + chunk]
            ran[method] += flops.executed(partial(_explain, work, method, some))
    peak = float(np.median(measured))
    yield markdown.head(
        f"{work.name}, {len(cases)} texts",
        "s a text",
        "GFLOP/s executed",
        "share of the best kernel",
        "GFLOP/s nominal",
        "share of the best kernel",
    )
    for method in METHODS:
        rates = [ran[method] / spent[method], asked[method] / spent[method]]
        yield markdown.row(
            f"`{method}`",
            f"{spent[method] / len(cases):.3f}",
            *[cell for rate in rates for cell in (f"{rate / 1e9:.0f}", f"**{rate / peak:.2f}**")],
        )
    yield ""
    yield (
        f"Best kernel: {best.name}, {peak / 1e9:.0f} GFLOP/s (median of {len(measured)} looks "
        f"between the methods, {min(measured) / 1e9:.0f} to {max(measured) / 1e9:.0f}). Executed: "
        "counted by torch while the same call runs again, padding included. Nominal: what all "
        "layers of the stock model would multiply for the same evaluations, without padding."
    )


def _explain(work: Workload, method: str, cases: Sequence[Case]) -> list[int]:
    texts, targets = [case.text for case in cases], [case.target for case in cases]
    return [each.evaluations for each in explain(work.classifier, texts, method, targets)]


def _nominal(work: Workload, method: str, case: Case, evaluations: int) -> int:
    config, length = work.model.config, len(case.encoded.row.input_ids)
    if method != "integrated_gradients":
        return flops.nominal(config, length, evaluations, gradients=False)
    ends = flops.nominal(config, length, 2, gradients=False)  # the text and its baseline
    return ends + flops.nominal(config, length, evaluations - 2, gradients=True)


def _packed(inputs: Tensor, weight: Tensor) -> Callable[[], object] | None:
    try:
        operators = torch.ops.mkldnn
        packed = operators._reorder_linear_weight(weight, len(inputs))
        run = partial(operators._linear_pointwise, inputs, packed, None, "none", [], "")
        run()
        return run
    except (AttributeError, RuntimeError):  # not in every torch
        return None


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
