"""What texts show, as fields of LIT's datasets: metrics by phenomenon are two clicks away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.lexicon.coverage import unknown_share
from lit_plugins.lexicon.phenomena import PHENOMENA, Phenomenon
from lit_plugins.lit.models.any_classifier import unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models.classifier import TextClassifier

UNKNOWN = "unknown words"

_LARGEST = 2**31 - 1


class TextAnnotator(lit_components.Annotator):
    """Fields that follow from the text.

    LIT annotates every dataset when the app is made, and each datapoint that is added or generated
    before the page gets it. Where a dataset has a field of the same name already, that one stays
    as it is, and the annotation's name ends in "(automatic)".
    """

    def __init__(
        self,
        name: str,
        kinds: Mapping[str, lit_types.LitType],
        values: Callable[[Sequence[str]], Iterable[Sequence[Any]]],
    ):
        """Makes an annotator.

        Args:
            name: the annotator's.
            kinds: the fields, marked as `annotated`, by which the page knows them.
            values: gives for each text a value of each field.
        """
        super().__init__(name, None)
        self._kinds = dict(kinds)
        self._values = values

    def annotate(
        self,
        inputs: list[dict[str, Any]],
        dataset: lit_dataset.Dataset,
        dataset_spec_to_annotate: lit_types.Spec | None = None,
    ) -> None:
        """Writes the fields into each example and into the spec.

        What an example was given by its parent is not of its own text, and is written over.
        """
        spec = dataset.spec() if dataset_spec_to_annotate is None else dataset_spec_to_annotate
        texts = [name for name, kind in spec.items() if isinstance(kind, lit_types.TextSegment)]
        if not texts:
            return
        names = [_free_name(name, spec) for name in self._kinds]
        if dataset_spec_to_annotate is not None:
            dataset_spec_to_annotate.update(zip(names, self._kinds.values(), strict=True))
        found = self._values([example.get(texts[0]) or "" for example in inputs])
        for example, values in zip(inputs, found, strict=True):
            example.update(zip(names, values, strict=True))


def _free_name(name: str, spec: lit_types.Spec) -> str:
    return f"{name} (automatic)" if name in spec and not spec[name].annotated else name


def lit_annotators(
    models: Mapping[str, lit_model.Model] | None = None,
) -> list[lit_components.Annotator]:
    """All annotators; they suit any LIT app: `LitApp(…, annotators=lit_annotators(models))`.

    Args:
        models: the app's models by name; of each one of this package, the share of the words is
            noted that its tokenizer does not know.
    """
    found = {phenomenon.name: _kind(phenomenon) for phenomenon in PHENOMENA.values()}
    share = lit_types.Scalar(required=False, annotated=True)
    annotators = [TextAnnotator("phenomena", found, _phenomena)]
    for name, model in (models or {}).items():
        own = unwrapped(model)
        if isinstance(own, LitTextClassifier):
            field = f"{UNKNOWN} {name}"
            annotators.append(TextAnnotator(field, {field: share}, _unknown(own.classifier)))
    return annotators


def _kind(phenomenon: Phenomenon) -> lit_types.LitType:
    if phenomenon.kind == "boolean":
        return lit_types.BooleanLitType(required=False, annotated=True)
    if phenomenon.kind == "number":
        # LIT's Integer has bounds, which a long text would be beyond.
        return lit_types.Integer(required=False, annotated=True, min_val=0, max_val=_LARGEST)
    return lit_types.CategoryLabel(required=False, annotated=True, vocab=list(phenomenon.values))


def _phenomena(texts: Sequence[str]) -> Iterator[list[Any]]:
    for text in texts:
        yield [phenomenon.find(text) for phenomenon in PHENOMENA.values()]


def _unknown(classifier: TextClassifier) -> Callable[[Sequence[str]], Iterator[list[float]]]:
    def values(texts: Sequence[str]) -> Iterator[list[float]]:
        for encoded in classifier.encode(texts):
            yield [unknown_share(encoded, classifier.unknown_token)]

    return values
