"""Puts words in another order.

It replaces LIT's generator of this name, which does not terminate on a text of one word.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import regex
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.lit.forms import config_fields, filled_in
from lit_plugins.lit.generators.chosen_fields import FIELDS_TYPE, chosen_fields, has_text
from lit_plugins.lit.generators.derived_examples import TextGenerator, child, without_any
from lit_plugins.options import seed_option
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.progress import note, tell

FIELDS = "Fields to scramble"
SEED = seed_option("Another seed gives another order.")

_SPACE = regex.compile(r"(\s+)")


class Scrambler(TextGenerator):
    """Makes one new example for each input, with its words in another order."""

    options = (SEED,)

    def description(self) -> str:
        """The text that the page shows."""
        return (
            "Puts the words of each text, separated by white space, in another order; the same "
            "seed gives the same order. The label is copied and may no longer be right."
        )

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the dataset has texts."""
        return has_text(dataset)

    def config_spec(self) -> lit_types.Spec:
        """LIT's field for the fields to change, and the seed."""
        return {FIELDS: FIELDS_TYPE, **config_fields(self.options)}

    def generate_all(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[list[lit_types.JsonDict]]:
        """One new example for each input; none if no other order gives a different text.

        Raises:
            UserError: the seed is refused.
        """
        config = config or {}
        seed = filled_in(self.options, config)[SEED.name]
        names = chosen_fields(dataset, config.get(FIELDS))
        made: list[list[lit_types.JsonDict]] = []
        for parent in inputs:
            cancellation.check()
            texts = {name: parent.get(name) or "" for name in names}
            changed = {name: scrambled(text, seed) for name, text in texts.items()}
            edit = f"words in another order (seed {seed})"
            made.append([child(parent, dataset, changed, edit)] if changed != texts else [])
            tell(len(made), len(inputs))
        if without := without_any(made):
            note(f"There is no other order of the words of {without}.")
        return made


def scrambled(text: str, seed: int) -> str:
    """The text with its words in another order, and its white space unchanged.

    The result depends on the text and the seed alone. A text of fewer than two different words
    is returned as it is; any other text changes.
    """
    parts = _SPACE.split(text)
    places = [index for index, part in enumerate(parts) if part and not part.isspace()]
    words = [parts[place] for place in places]
    if len(set(words)) < 2:
        return text
    order = list(words)
    random.Random(f"{seed} {text}").shuffle(order)
    if order == words:
        order = [*order[1:], order[0]]
    for place, word in zip(places, order, strict=True):
        parts[place] = word
    return "".join(parts)
