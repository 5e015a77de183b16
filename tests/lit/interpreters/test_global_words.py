import threading

import pytest

from lit_plugins import evaluate
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, registry
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.interpreters import global_words
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.explanation_request import TARGET
from lit_plugins.lit.interpreters.global_words import GLOBAL_WORDS, GlobalWords
from lit_plugins.lit.interpreters.registry import lit_interpreters
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.runtime.cancellation import Stopped, stopping_when
from lit_plugins.runtime.progress import Runs
from tests.lit.conftest import TEXTS, a_table

OCCLUSION = METHODS["occlusion"].title


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


@pytest.fixture(scope="module")
def dataset():
    return lit_dataset_of(a_table(), ("negative", "positive"))


@pytest.fixture(scope="module")
def examples(dataset):
    """With ids, as the page's are."""
    return [{**each, "_id": f"id {at}"} for at, each in enumerate(dataset.examples)]


@pytest.fixture
def interpreters(model):
    """All of the page's, with an empty cache."""
    return lit_interpreters({"bert": model}, Explanations())


@pytest.fixture
def ask(interpreters, model, dataset, examples):
    """Asks the interpreter, of the whole dataset where no examples are given."""

    def asked(some=None, **config):
        chosen = examples if some is None else some
        (found,) = interpreters[GLOBAL_WORDS].run(chosen, model, dataset, None, config)
        return found

    return asked


@pytest.fixture
def explained(monkeypatch):
    """How many texts each call of a method explained."""
    counts = []
    original = registry.explain_each

    def counted(classifier, texts, *arguments, **options):
        counts.append(len(texts))
        return original(classifier, texts, *arguments, **options)

    monkeypatch.setattr("lit_plugins.lit.interpreters.explanation_request.explain_each", counted)
    return counts


@pytest.mark.parametrize("target", [None, "negative"])
@pytest.mark.parametrize("pieces", [False, True])
def test_figures_are_the_engines(ask, model, target, pieces):
    found = ask(method=OCCLUSION, target=target, at_least="2", pieces=pieces, output="logit")
    table = evaluate.global_words(
        model.classifier,
        TEXTS,
        "occlusion",
        target=target,
        at_least=2,
        pieces=pieces,
        output="logit",
    )
    assert [row["word"] for row in found["words"]] == table["word"].tolist()
    for name in ("n", "texts", "mean", "error", "positive"):
        shown = [row[name] for row in found["words"]]
        expected = [None if cell != cell else cell for cell in table[name]]
        assert shown == [None if cell is None else pytest.approx(cell) for cell in expected]
    assert (found["target"], found["unit"]) == (target or "positive", "logit")
    assert (found["of"], found["found"]) == (6, len(table))
    assert found["options"]["pieces"] is pieces


def test_each_word_says_where_it_stands(ask, examples):
    found = ask(method=OCCLUSION, at_least=1)
    texts = {example["_id"]: example["sentence"] for example in examples}
    assert sorted(found["explained"]) == sorted(texts)
    for row in found["words"]:
        assert len(row["occurrences"]) == row["n"]
        scores = [score for *_, score in row["occurrences"]]
        assert sum(scores) / row["n"] == pytest.approx(row["mean"])
        assert scores == sorted(scores, reverse=row["mean"] >= 0)
        for text, start, end, _ in row["occurrences"]:
            assert texts[found["explained"][text]][start:end].casefold() == row["word"]


def test_much_is_bounded(ask, monkeypatch):
    every = {row["word"]: row for row in ask(method=OCCLUSION, at_least=1)["words"]}
    monkeypatch.setattr(global_words, "_MOST_WORDS", 3)
    monkeypatch.setattr(global_words, "_MOST_OCCURRENCES", 1)
    found = ask(method=OCCLUSION, at_least=1)
    means = [row["mean"] for row in found["words"]]
    largest = sorted((row["mean"] for row in every.values()), key=abs)[-3:]
    assert means == sorted(largest, reverse=True)
    assert found["found"] == len(every)
    for row in found["words"]:
        assert row["occurrences"] == every[row["word"]]["occurrences"][:1]


def test_texts_are_those_that_the_engine_draws(ask, examples):
    found = ask(method=OCCLUSION, texts=2)
    drawn = evaluate.sampling.sample(TEXTS, 2)
    assert found["explained"] == [examples[place]["_id"] for place in drawn]
    assert found["of"] == 6


def test_explanations_are_those_of_the_salience_maps(ask, interpreters, model, dataset, explained):
    target = {TARGET: {"field": "probas", "index": 1}}
    interpreters[OCCLUSION].run(dataset.examples, model, dataset, None, target)
    assert sum(explained) == 6
    ask(method=OCCLUSION)
    ask(method=OCCLUSION, at_least=1, texts=3)
    assert sum(explained) == 6
    ask(method=OCCLUSION, target="negative", texts=3)
    assert sum(explained) == 9


def test_progress_is_told(ask, monkeypatch):
    monkeypatch.setattr(global_words, "_AT_ONCE", 4)
    told = []
    monkeypatch.setattr(global_words, "tell", lambda *count: told.append(count))
    ask(method=OCCLUSION)
    assert told == [(0, 6), (4, 6), (6, 6)]


def test_what_nobody_waits_for_stops_and_the_next_goes_on_from_there(
    ask, model, monkeypatch, explained
):
    monkeypatch.setattr(global_words, "_AT_ONCE", 2)
    expected = ask(method=OCCLUSION, target="negative", at_least=1)
    assert explained == [2, 2, 2]
    explained.clear()
    batches = []
    run = model.classifier.network.run

    def counted(*arguments, **options):
        batches.append(True)
        return run(*arguments, **options)

    monkeypatch.setattr(model.classifier.network, "run", counted)
    runs = Runs()
    seen = threading.Event()

    def gone():
        done = runs.get("mine")["done"]
        if done >= 2:
            seen.set()
        return seen.is_set()

    with runs.running("mine"), stopping_when(gone), pytest.raises(Stopped):
        ask(method=OCCLUSION, at_least=1)
    assert runs.get("mine")["done"] == 2
    ran = len(batches)
    assert ask(method=OCCLUSION, at_least=1)["found"] == expected["found"]
    assert explained == [2, 2, 2, 2]  # the second part was begun twice, the first once
    assert len(batches) > ran


def test_until_one_is_named_the_method_is_a_quick_and_complete_one(ask, monkeypatch, model):
    assert ask(texts=1)["method"] == METHODS["integrated_gradients"].title
    monkeypatch.setattr(model.classifier.network, "takes_embeddings", False)
    assert ask(texts=1)["method"] == METHODS["owen"].title


def test_only_methods_with_a_sign_are_offered(interpreters):
    vocab = interpreters[GLOBAL_WORDS].config_spec()["method"].vocab
    signed = [method.title for method in METHODS.values() if method.signed]
    assert sorted(vocab) == sorted(signed)
    assert vocab[0] == METHODS["integrated_gradients"].title


def test_nothing_to_explain(ask):
    for some in ([], [{"sentence": "", "_id": "a"}]):
        found = ask(some, method=OCCLUSION)
        assert (found["words"], found["found"], found["of"]) == ([], 0, len(some))


def test_it_suits_what_a_method_suits(model, dataset, interpreters):
    assert interpreters[GLOBAL_WORDS].is_compatible(model, dataset)
    assert not GlobalWords({}).is_compatible(model, dataset)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"method": "magic"}, "There is no method 'magic' for this; choose from Integrated"),
        ({"method": ["SHAP"]}, "There is no method"),
        ({"method": METHODS["attention_rollout"].title}, "There is no method"),
        ({"target": "magic"}, "'magic' is none of this model's"),
        ({"texts": "0"}, "The option texts is '0'; give a whole number from 1 to 10000"),
        ({"at_least": "few"}, "The option at_least is 'few'"),
        ({"max_steps": "1"}, "The option max_steps is '1'"),
    ],
)
def test_a_wrong_value_is_one_sentence(ask, config, sentence):
    with pytest.raises(UserError, match=sentence):
        ask(**config)
