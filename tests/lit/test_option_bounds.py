"""No request can ask for more than a bound, whatever it is that costs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from lit_nlp.api import types as lit_types

from lit_plugins.cli import evaluate as command
from lit_plugins.counterfactual import METHODS as COUNTERFACTUAL_METHODS
from lit_plugins.counterfactual.registry import SHARED
from lit_plugins.errors import UserError
from lit_plugins.evaluate import METRICS
from lit_plugins.explain import METHODS, PIECES
from lit_plugins.lit.generators import scrambler, word_replacer
from lit_plugins.lit.interpreters import global_words
from lit_plugins.lit.interpreters.clustering import WordClustering
from lit_plugins.lit.interpreters.registry import lit_interpreters
from lit_plugins.lit.metrics.on_demand import AskedMetrics
from lit_plugins.lit.metrics.registry import lit_metrics
from lit_plugins.options import (
    MAX_SEED,
    Boolean,
    Choice,
    Integer,
    LanguageModel,
    Number,
    Option,
    OtherModel,
    Text,
)

MOST = 1_000_000
"""Nothing that is counted, drawn or run may be asked for more often."""


def every() -> Iterator[tuple[str, Option]]:
    """All options that anything of the package declares, and whose they are."""
    groups: dict[str, Any] = {
        **{name: method.options for name, method in METHODS.items()},
        **{name: method.options for name, method in COUNTERFACTUAL_METHODS.items()},
        **{
            name: metric.options
            for name, metric in lit_metrics().items()
            if isinstance(metric, AskedMetrics)
        },
        "explain": [PIECES],
        "counterfactuals": SHARED,
        "evaluate": [*command.options_of(METRICS.values()), command._SAMPLE],
        "global words": global_words.GlobalWords.options,
        "scrambler": scrambler.Scrambler.options,
        "word replacer": word_replacer.WordReplacer.options,
        "salience clustering": WordClustering({})._options(),
    }
    for owner, options in groups.items():
        for option in options:
            yield owner, option


OPTIONS = [pytest.param(option, id=f"{owner} {option.name}") for owner, option in every()]
NUMBERS = [each for each in OPTIONS if isinstance(each.values[0], Number)]
TEXTS = [each for each in OPTIONS if isinstance(each.values[0], Text)]


def refusal(option: Option, value: Any) -> str:
    with pytest.raises(UserError) as caught:
        option.check(value)
    sentence = str(caught.value)
    assert sentence.startswith(f"The option {option.name} is ")
    assert sentence.endswith(".")
    assert len(sentence) < 400
    return sentence


def test_there_are_options_of_all_kinds():
    assert len(OPTIONS) > 50
    kinds = {Integer, Number, Choice, Text, Boolean, OtherModel, LanguageModel}
    assert kinds <= {type(each.values[0]) for each in OPTIONS}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_has_bounds_and_its_default_is_within_them(option):
    if isinstance(option, Number):
        assert option.low is not None
        assert option.high is not None
        assert math.isfinite(option.low)
        assert option.low < option.high <= (MAX_SEED if "seed" in option.name.lower() else MOST)
    if isinstance(option, Text):
        assert 0 < option.longest <= 10_000
    if option.default is not None:
        assert option.check(option.default) == option.default


@pytest.mark.parametrize("option", NUMBERS)
def test_what_is_no_number_within_the_bounds_is_refused(option):
    noun = "whole number" if isinstance(option, Integer) else "number"
    for value in (
        *(math.nan, math.inf, -math.inf, "nan", "inf", "-Infinity", "1e400"),
        *(True, False, None, "", "many", [3], {"a": 3}),
        *(2**64, 10**30, 10**400, 10**5000, "9" * 30, "9" * 5000, 1e300),
        *(-1, "-1", -(10**5000), -1e300),
    ):
        sentence = refusal(option, value)
        assert f"; give a {noun} from {option.low} to {option.high}." in sentence


@pytest.mark.parametrize("option", NUMBERS)
def test_the_bounds_themselves_are_taken(option):
    for bound in (option.low, option.high):
        assert option.check(bound) == bound
        assert option.check(str(bound)) == bound
    refusal(option, option.high + 1)
    refusal(option, option.low - 1)


@pytest.mark.parametrize("option", TEXTS)
def test_a_long_text_is_refused(option):
    assert option.check("x" * option.longest) == "x" * option.longest
    assert refusal(option, "x" * (option.longest + 1)) == (
        f"The option {option.name} is {option.longest + 1:,} characters long; give at most "
        f"{option.longest:,}."
    )


def test_every_number_of_lits_own_forms_is_bounded_here():
    """LIT gives its forms bounds that its server never looks at."""
    checked = {option.name for option in WordClustering({})._options()}
    for name, interpreter in lit_interpreters().items():
        for field, kind in interpreter.config_spec().items():
            if isinstance(kind, lit_types.Scalar):
                assert field in checked, f"{name} has {field}"
