"""A text for which a model gives no numbers is named by its row, and the others go on."""

import json
from pathlib import Path

import pytest

from lit_plugins import TextClassifier
from lit_plugins.cli import main
from tests.broken_models import with_broken_word

COMMAND = "explain"


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a broken embedding of one word."""
    return with_broken_word(tmp_path_factory.mktemp("broken") / "model", "dull")


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text(
        "text,label\na good film,positive\na dull film,negative\nnot bad at all,positive\n"
        "how dull,negative\nawful food,negative\n"
    )
    return path


SAID = "gives logits that are no numbers for 2 texts, left out: lines 3, 5."


def test_the_other_texts_are_explained(broken, reviews, tmp_path, capsys):
    file = tmp_path / "words.jsonl"
    flags = ["--model", str(broken), "--dataset", str(reviews), "--method", "occlusion"]
    assert main(["explain", *flags, "-o", str(file)]) == 0
    assert SAID in capsys.readouterr().err
    found = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["text"] for line in found] == ["a good film", "not bad at all", "awful food"]
    assert [line["row"] for line in found] == [2, 4, 6]


def test_the_other_texts_are_judged(broken, reviews, capsys):
    flags = ["--model", "sentiment-bow", "--model", str(broken), "--dataset", str(reviews)]
    assert main(["evaluate", *flags, "--metrics", "calibration"]) == 0
    printed = capsys.readouterr()
    assert SAID in printed.err
    assert "nan" not in printed.out.lower()


def test_a_model_without_any_number_is_refused(broken, tmp_path, refused):
    path = tmp_path / "reviews.csv"
    path.write_text("text\nhow dull\n")
    assert refused("--model", str(broken), "--dataset", str(path)) == (
        f"lit-plugins: The model {str(broken)!r} gives logits that are no numbers for every text; "
        "load it in float32, or check its weights."
    )


def test_in_python_the_input_is_named(broken):
    classifier = TextClassifier.from_pretrained(broken)
    texts = ["a good film", "how dull"]
    assert classifier.without_numbers(texts) == [1]
    with pytest.raises(ValueError, match="gives a logit that is not a number for input 1 of 2;"):
        classifier.predict(texts)
