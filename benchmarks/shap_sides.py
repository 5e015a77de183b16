"""The shap package used as in its tutorials, tuned, and on token ids; and our two methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import shap
import torch
from transformers import PreTrainedModel, pipeline

from benchmarks.alternating import Answer, Explain, Side
from benchmarks.workloads import Case, Workload
from lit_plugins import Explanation, explain
from lit_plugins.text.encoded import Row

TUTORIALS = "shap.Explainer(pipeline), the tutorials' way"
TUNED = "shap.Explainer(callable), batch_size=50"
TOKEN_IDS = "shap on token ids, with our logits"
OWEN = "`owen`, texts together"
OWEN_ALONE = "`owen`, one text a call"
SHAPLEY = "`shapley`, texts together"
SHAPLEY_ALONE = "`shapley`, one text a call"


def shapley_at(evaluations: int) -> str:
    """Names the row of `shapley` without early stopping, at a number of evaluations."""
    return f"`shapley`, evaluations={evaluations}, tolerance=0"


def sides(work: Workload, budgets: Sequence[int]) -> list[Side]:
    """Returns the sides of all rows of the table, in this order."""
    return [
        Side(TUTORIALS, lambda: _tutorials(work)),
        Side(TUNED, lambda: _tuned(work)),
        Side(TOKEN_IDS, lambda: _token_ids(work)),
        Side(OWEN, lambda: _ours(work, "owen")),
        Side(OWEN_ALONE, lambda: _ours(work, "owen", alone=True)),
        Side(SHAPLEY, lambda: _ours(work, "shapley")),
        Side(SHAPLEY_ALONE, lambda: _ours(work, "shapley", alone=True)),
        *(_at_budget(work, budget) for budget in budgets),
    ]


def _at_budget(work: Workload, budget: int) -> Side:
    return Side(shapley_at(budget), lambda: _ours(work, "shapley", evaluations=budget, tolerance=0))


@dataclass
class _Rows:
    """Number of rows that a model was run on."""

    count: int = 0


@contextmanager
def _counted(model: PreTrainedModel) -> Iterator[_Rows]:
    rows = _Rows()

    def add(module: torch.nn.Module, inputs: tuple, named: dict[str, Any]) -> None:
        rows.count += len(named["input_ids"])

    hook = model.register_forward_pre_hook(add, with_kwargs=True)
    try:
        yield rows
    finally:
        hook.remove()


def _tutorials(work: Workload) -> Explain:
    pipe = pipeline(
        "text-classification",
        model=work.model,
        tokenizer=work.tokenizer,
        top_k=None,
        device=work.model.device,
    )
    return _peer(shap.Explainer(pipe), lambda: _counted(work.model))


def _tuned(work: Workload) -> Explain:
    def probabilities(texts: Sequence[str]) -> np.ndarray:
        inputs = work.tokenizer(list(texts), padding=True, return_tensors="pt")
        with torch.inference_mode():
            logits = work.model(**inputs.to(work.model.device)).logits
        return logits.softmax(-1).cpu().numpy()

    explainer = shap.Explainer(probabilities, shap.maskers.Text(work.tokenizer))
    return _peer(explainer, lambda: _counted(work.model), batch_size=50)


def _token_ids(work: Workload) -> Explain:
    rows = _Rows()

    def probabilities(ids: np.ndarray) -> np.ndarray:
        rows.count += len(ids)
        inputs = [Row(tuple(row), (0,) * len(row)) for row in np.asarray(ids).tolist()]
        return work.classifier.task.chances(work.classifier.logits(inputs)).astype(np.float64)

    masker = shap.maskers.Text(work.tokenizer, output_type="token_ids")
    return _peer(shap.PartitionExplainer(probabilities, masker), lambda: nullcontext(rows))


def _peer(
    explainer: Callable[..., Any],
    counted: Callable[[], AbstractContextManager[_Rows]],
    **options: Any,
) -> Explain:
    def run(cases: Sequence[Case]) -> list[Answer]:
        answers = []
        for case in cases:
            with counted() as rows:
                before = rows.count
                explanation = explainer([case.text], silent=True, **options)
                evaluations = rows.count - before
            scores = np.asarray(explanation.values[0], dtype=np.float64)[:, case.target]
            words = case.encoded.sum_by_word(scores)
            answers.append(Answer(tokens=scores, words=words, evaluations=evaluations))
        return answers

    return run


def _ours(work: Workload, method: str, alone: bool = False, **options: Any) -> Explain:
    def run(cases: Sequence[Case]) -> list[Answer]:
        explanations: list[Explanation] = []
        for batch in [[case] for case in cases] if alone else [cases]:
            explanations += explain(
                work.classifier,
                [case.text for case in batch],
                method,
                [case.target for case in batch],
                **options,
            )
        return [
            Answer(
                tokens=np.zeros(0) if result.token_scores is None else result.token_scores,
                words=result.scores,
                evaluations=result.evaluations,
            )
            for result in explanations
        ]

    return run
