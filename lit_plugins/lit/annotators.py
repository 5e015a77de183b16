"""Annotators that add fields computed from the text, so that users can slice metrics by them."""

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
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.portions import in_portions

UNKNOWN = "unknown words"

_LARGEST = 2**31 - 1


class TextAnnotator(lit_components.Annotator):
    """Adds fields that are computed from the text.

    LIT annotates every dataset when the app is built. It annotates each added or generated
    datapoint before the page gets it. If a dataset already has a field of the same name, that
    field stays as it is, and the name of the annotation ends in "(automatic)".
    """

    def __init__(
        self,
        name: str,
        kinds: Mapping[str, lit_types.LitType],
        values: Callable[[Sequence[str]], Iterable[Sequence[Any]]],
    ):
        """Makes an annotator.

        Args:
            name: the annotator's name.
            kinds: the type of each field, marked as `annotated` so that the page recognises it.
            values: returns, for each text, one value for each field.
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

        Values that an example copied from its parent belong to another text; they are overwritten.
        """
        spec = dataset.spec() if dataset_spec_to_annotate is None else dataset_spec_to_annotate
        texts = [name for name, kind in spec.items() if isinstance(kind, lit_types.TextSegment)]
        if not texts:
            return
        names = [_free_name(name, spec) for name in self._kinds]
        if dataset_spec_to_annotate is not None:
            dataset_spec_to_annotate.update(zip(names, self._kinds.values(), strict=True))
        annotations = self._values([example.get(texts[0]) or "" for example in inputs])
        for example, values in zip(inputs, annotations, strict=True):
            example.update(zip(names, values, strict=True))


def _free_name(name: str, spec: lit_types.Spec) -> str:
    return f"{name} (automatic)" if name in spec and not spec[name].annotated else name


def lit_annotators(
    models: Mapping[str, lit_model.Model] | None = None,
) -> list[lit_components.Annotator]:
    """All annotators; they suit any LIT app: `LitApp(…, annotators=lit_annotators(models))`.

    Args:
        models: the app's models by name. Each model of this package gets a field with the share
            of a text's words that its tokenizer does not know.
    """
    kinds = {phenomenon.name: _kind(phenomenon) for phenomenon in PHENOMENA.values()}
    share = lit_types.Scalar(required=False, annotated=True)
    annotators = [TextAnnotator("phenomena", kinds, _phenomena)]
    for name, wrapped in (models or {}).items():
        model = unwrapped(wrapped)
        if isinstance(model, LitTextClassifier):
            field = f"{UNKNOWN} {name}"
            annotators.append(TextAnnotator(field, {field: share}, _unknown(model.classifier)))
    return annotators


def _kind(phenomenon: Phenomenon) -> lit_types.LitType:
    if phenomenon.kind == "boolean":
        return lit_types.BooleanLitType(required=False, annotated=True)
    if phenomenon.kind == "number":
        # The default bounds of LIT's Integer are too narrow for a long text.
        return lit_types.Integer(required=False, annotated=True, min_val=0, max_val=_LARGEST)
    return lit_types.CategoryLabel(required=False, annotated=True, vocab=list(phenomenon.values))


def _phenomena(texts: Sequence[str]) -> Iterator[list[Any]]:
    return in_portions(texts, lambda some: [_found(text) for text in some])


def _found(text: str) -> list[Any]:
    values = []
    for phenomenon in PHENOMENA.values():
        cancellation.check()
        values.append(phenomenon.find(text))
    return values


def _unknown(classifier: TextClassifier) -> Callable[[Sequence[str]], Iterator[list[float]]]:
    def shares(texts: Sequence[str]) -> list[list[float]]:
        unknown = classifier.unknown_token
        return [[unknown_share(encoded, unknown)] for encoded in classifier.encode(texts)]

    return lambda texts: in_portions(texts, shares)
