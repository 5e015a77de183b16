"""Integrated gradients of other packages and of this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from captum.attr import LayerIntegratedGradients
from torch import Tensor

from benchmarks.alternating import Answer, Explain, Side
from benchmarks.lit_gradients import EMBEDDINGS, GRADIENTS, LABEL, TEXT, EmbeddingModel
from benchmarks.workloads import Case, Workload
from lit_plugins import explain
from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.embedding_path import EmbeddingPath
from lit_plugins.explain.methods.integrated_gradients import midpoints

INTERPRET = "transformers-interpret"
CAPTUM = "captum LayerIntegratedGradients"
LIT = "LIT's IntegratedGradients"
OURS = "`integrated_gradients`, texts together"
OURS_ALONE = "`integrated_gradients`, one text a call"
OURS_FIXED = "ours at {} steps always, texts together"
CAPTUM_AS_NEAR = "captum at {} steps, the fewest tried whose 95th percentile is not above ours"
OURS_AGAIN = "`integrated_gradients`, texts together, beside it"

_CAPTUM_ROWS = 64
"""Most points that captum takes in one batch: very many would take very much memory."""

NOT_RUN = {"inseq": "not run: of 0.7.1, only models that generate text can be loaded"}
"""Reasons why other packages cannot explain a classifier, by their names."""


def sides(work: Workload, steps: int) -> list[Side]:
    """Returns the sides of all rows of the table.

    Args:
        work: the model.
        steps: number of points on the path for the other packages; this package's method uses as
            many as its tolerance requires.
    """
    return [
        Side(INTERPRET, lambda: _interpret(work, steps)),
        Side(CAPTUM, lambda: _captum(work, steps)),
        Side(LIT, lambda: _lit(work, steps)),
        Side(OURS, lambda: _ours(work)),
        Side(OURS_ALONE, lambda: _ours(work, alone=True)),
        Side(OURS_FIXED.format(steps), lambda: _ours_fixed(work, steps)),
    ]


def as_near(
    work: Workload, cases: Sequence[Case], steps: int, most: int, relative_delta: float
) -> list[Side]:
    """Returns captum at the delta of this package's method, and the method beside it.

    Args:
        work: the model.
        cases: the texts that are explained.
        steps: the first number of steps to try; it is doubled while the delta is larger.
        most: the largest number of steps to try.
        relative_delta: the 95th percentile of the relative delta that is asked of captum.

    Returns:
        Both sides; none if captum misses that delta with `most` steps, too.
    """
    while steps <= most:
        missed = [answer.missed() for answer in _captum(work, steps)(cases) if answer.missed]
        if np.quantile(missed, 0.95) <= relative_delta:
            return [
                Side(CAPTUM_AS_NEAR.format(steps), partial(_captum, work, steps)),
                Side(OURS_AGAIN, lambda: _ours(work)),
            ]
        steps *= 2
    return []


def _one_by_one(answer: Callable[[Case], Answer]) -> Explain:
    return lambda cases: [answer(case) for case in cases]


def _missed(total: float, difference: float) -> float:
    return abs(difference - total) / abs(difference)


def _interpret(work: Workload, steps: int) -> Explain:
    from transformers_interpret import SequenceClassificationExplainer

    explainer = SequenceClassificationExplainer(work.model, work.tokenizer)

    def answer(case: Case) -> Answer:
        explainer(case.text, index=case.target, n_steps=steps)
        attributions = explainer.attributions
        total, delta = float(attributions._attributions.sum()), float(attributions.delta)
        # Its public scores are scaled to length 1; its delta is captum's, of the unscaled scores.
        return Answer(evaluations=steps, missed=partial(_missed, total, total - delta))

    return _one_by_one(answer)


def _captum(work: Workload, steps: int) -> Explain:
    def logits(ids: Tensor) -> Tensor:
        return work.model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits

    integrator = LayerIntegratedGradients(logits, work.model.get_input_embeddings())

    def answer(case: Case) -> Answer:
        special = [span is None for span in case.encoded.token_spans]
        ids = np.array([case.encoded.row.input_ids])
        start = np.where(special, ids, work.classifier.mask_id)
        scores, delta = integrator.attribute(
            torch.from_numpy(ids).to(work.model.device),
            torch.from_numpy(start).to(work.model.device),
            target=case.target,
            n_steps=steps,
            internal_batch_size=_CAPTUM_ROWS if steps > _CAPTUM_ROWS else None,
            return_convergence_delta=True,
        )
        total = float(scores.sum())
        return Answer(evaluations=steps, missed=partial(_missed, total, total - float(delta)))

    return _one_by_one(answer)


def _lit(work: Workload, steps: int) -> Explain:
    from lit_nlp.components.gradient_maps import (
        INTERPOLATION_KEY,
        NORMALIZATION_KEY,
        IntegratedGradients,
    )

    model = EmbeddingModel(work)
    interpreter = IntegratedGradients()
    config = {INTERPOLATION_KEY: steps, NORMALIZATION_KEY: False}

    def answer(case: Case) -> Answer:
        example = {TEXT: case.text, LABEL: work.classifier.labels[case.target]}
        (result,) = interpreter.run([example], model, None, config=config)
        total = float(np.sum(result[GRADIENTS].salience))

        def missed() -> float:
            (predicted,) = model.predict([example])
            end = torch.from_numpy(predicted[EMBEDDINGS])
            both = torch.stack([end, torch.zeros_like(end)]).to(work.model.device)
            with torch.inference_mode():
                logits = work.model(inputs_embeds=both).logits[:, case.target].tolist()
            return _missed(total, logits[0] - logits[1])

        return Answer(evaluations=steps, missed=missed)

    return _one_by_one(answer)


def _ours(work: Workload, alone: bool = False) -> Explain:
    def run(cases: Sequence[Case]) -> list[Answer]:
        answers = []
        for batch in [[case] for case in cases] if alone else [cases]:
            texts, targets = [case.text for case in batch], [case.target for case in batch]
            for explanation in explain(work.classifier, texts, "integrated_gradients", targets):
                difference = explanation.output - explanation.base_value
                answers.append(
                    Answer(
                        evaluations=explanation.evaluations,
                        missed=partial(_missed, difference - explanation.delta, difference),
                    )
                )
        return answers

    return run


def _ours_fixed(work: Workload, steps: int) -> Explain:
    def run(cases: Sequence[Case]) -> list[Answer]:
        logits = work.classifier.logits([case.encoded.row for case in cases])
        subjects = [
            Subject(case.encoded, case.target, row, work.classifier.task)
            for case, row in zip(cases, logits, strict=True)
        ]
        path = EmbeddingPath(work.classifier, "logit", baseline="mask")
        ends = zip(subjects, path.base_values(subjects), strict=True)
        differences = [subject.output("logit") - base for subject, base in ends]
        totals = [slopes.sum(1).mean() for slopes in path.slopes(subjects, midpoints(steps))]
        return [
            Answer(evaluations=steps, missed=partial(_missed, float(total), difference))
            for total, difference in zip(totals, differences, strict=True)
        ]

    return run
