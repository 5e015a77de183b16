"""What stands for a missing word: the option `missing` of every method that masks words.

The choice is part of the question that a method answers. Covert et al. (2021, "Explaining by
removing") compare such choices; Hase et al. (2021, "The out-of-distribution problem in
explainability and search methods for feature importance explanations") show that rankings of words
depend on them, since few models were trained on texts with words masked or left out.
`lit_plugins.evaluate.missing_words` measures how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from lit_plugins.models.predictor import Predictor, rows_of
from lit_plugins.options import Choice, LanguageModel
from lit_plugins.text.encoded import EncodedText, Row

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

Way = Literal["mask_per_token", "mask_per_word", "left_out", "infill"]
"""What stands for a missing word:

- `mask_per_token`: a mask token for each of its tokens, so that the text keeps its length;
- `mask_per_word`: one mask token, however many tokens the word has;
- `left_out`: nothing; the other words keep their tokens;
- `infill`: the word that a masked language model would write there, when it reads only the words
  that are not missing.
"""


class MissingChoice(Choice):
    """An option that chooses what stands for a missing word: a value of `Way`."""


MISSING = MissingChoice(
    "missing",
    "mask_per_token",
    "What stands for a missing word: a mask for each of its tokens, one mask, nothing, or the word "
    "that the infill model would write there.",
    choices=get_args(Way),
)
INFILL_MODEL = LanguageModel(
    "infill_model",
    "auto",
    "The masked language model that writes missing words: a folder, a name on the hub or an "
    "embedded one; auto is distilroberta-base, or the embedded one if the hub is out of reach.",
    only_with=(MISSING.name, "infill"),
)
MISSING_OPTIONS = (MISSING, INFILL_MODEL)


@dataclass(frozen=True)
class Missing:
    """What stands for a missing word.

    Attributes:
        way: as in `Way`.
        infill_model: the masked language model of `infill`, or its name for `load_filler`.

    Raises:
        UserError: `way` is not a value of `Way`.
    """

    way: Way = MISSING.default
    infill_model: str | MaskedLanguageModel = INFILL_MODEL.default

    def __post_init__(self) -> None:
        MISSING.check(self.way)

    @property
    def options(self) -> dict[str, Any]:
        """The same as the options of a method that masks words, by name."""
        return {MISSING.name: self.way, INFILL_MODEL.name: self.infill_model}

    def rows(self, classifier: Predictor, encoded: EncodedText, keep: np.ndarray) -> list[Row]:
        """Versions of a text without some of its tokens.

        Args:
            classifier: the model that reads the rows.
            encoded: the text.
            keep: bool [versions, tokens], True for tokens that stay. Special tokens must stay.

        Raises:
            UserError: the infill model cannot be loaded.
        """
        if self.way == "infill":
            return rows_of(classifier, self.written(encoded, keep))
        if self.way == "left_out":
            rows = [encoded.without_tokens(kept) for kept in keep]
            # Some tokenizers add no special token, and a model needs one token at least.
            nothing = None if all(row.input_ids for row in rows) else classifier.encode([""])[0].row
            return [row if nothing is None or row.input_ids else nothing for row in rows]
        masked = encoded.masked_runs if self.way == "mask_per_word" else encoded.masked_tokens
        return [masked(kept, classifier.mask_id) for kept in keep]

    def written(self, encoded: EncodedText, keep: np.ndarray) -> list[str]:
        """The text as the infill model completes it, for each version.

        The model writes whole words, so a word of which any token is missing is written anew. Words
        that the classifier does not see are left out.

        Args:
            encoded, keep: as in `rows`.

        Raises:
            UserError: the infill model cannot be loaded.
        """
        first, last = encoded.seen
        spans = [
            (max(start, first) - first, min(end, last) - first) for start, end in encoded.words
        ]
        parts = [
            [spans[word] for word in encoded.visible_words if tokens[word]]
            for tokens in map(encoded.sum_by_word, ~keep)
        ]
        return self._filler().fill([encoded.text[first:last]] * len(keep), parts)

    def way_of(self, classifier: Predictor) -> Way:
        """The way that words are missing for a model: left out, if its mask is written as ""."""
        masks = self.way in ("mask_per_token", "mask_per_word")
        return "left_out" if masks and _mask_token(classifier) == "" else self.way

    def note_on(self, classifier: Predictor) -> str:
        """What readers must know of the words that stand for missing ones, or "".

        Raises:
            UserError: the infill model cannot be loaded.
        """
        if self.way == "infill":
            filler = self._filler()
            return f"The missing words are written by {filler.name}. {filler.note}".strip()
        tokenizer = getattr(classifier, "tokenizer", None)
        if self.way == "left_out" or tokenizer is None or tokenizer.mask_token_id is not None:
            return ""
        return (
            f"The model has no mask token, so its token {_mask_token(classifier)} stands for a "
            "missing word."
        )

    def _filler(self) -> MaskedLanguageModel:
        from lit_plugins.models import load_filler  # takes seconds to import

        return load_filler(self.infill_model)


def _mask_token(classifier: Predictor) -> str | None:
    return getattr(classifier, "mask_token", None)
