import pytest
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.lit.generators.scrambler import Scrambler, scrambled
from lit_plugins.runtime.progress import Runs

SPEC = {
    "sentence": lit_types.TextSegment(),
    "edit": lit_types.StringLitType(default="", required=False),
}
DATASET = lit_dataset.Dataset(spec=SPEC, examples=[])


def made_of(texts, **config):
    examples = [{"sentence": text, "edit": "", "_id": text} for text in texts]
    return Scrambler().generate_all(examples, None, DATASET, config)


@pytest.mark.parametrize(
    "text",
    ["one two", "a b a b", "a a a b", "not good, not bad", " so\tgood\n that ", "x " * 4999 + "y"],
    ids=lambda text: text[:20],
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_another_order_of_the_same_words(text, seed):
    ((made,),) = made_of([text], seed=str(seed))
    assert made["sentence"] != text
    assert sorted(made["sentence"].split()) == sorted(text.split())
    assert [each for each in made["sentence"] if each.isspace()] == [
        each for each in text if each.isspace()
    ]
    assert made == {"sentence": made["sentence"], "edit": f"words in another order (seed {seed})"}


@pytest.mark.parametrize("text", ["", "  ", "word", " word ", "no no no", "la " * 5000])
def test_a_text_without_another_order_ends_too(text):
    runs = Runs()
    with runs.running("a"):
        assert made_of([text]) == [[]]
    assert runs.get("a") == {
        "done": 1,
        "total": 1,
        "notes": ["There is no other order of the words of this text."],
    }


def test_the_order_hangs_on_the_text_and_the_seed_alone():
    text = "seven words that stand in some order"
    first, _ = made_of([text, "another text of its own"])
    _, second = made_of(["one more", text])
    assert first == second
    assert len({scrambled(text, seed) for seed in range(10)}) > 5


def test_a_seed_that_is_none():
    with pytest.raises(UserError, match="^The option seed is 'x'; give a whole number"):
        made_of(["one two"], seed="x")
