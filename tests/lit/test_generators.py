import json

import pytest
from werkzeug.test import Client

from tests.lit.conftest import TEXTS


@pytest.fixture(scope="session")
def generate(app):
    client = Client(app)
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()

    info = client.post("/get_info", data="{}").get_json()["generators"]

    def run(generator, index, config, model="bert"):
        # The page sends every field of a form.
        form = info[generator]["configSpec"]
        config = {name: field["default"] for name, field in form.items()} | config
        query = f"dataset_name=texts&model={model}&generator={generator}"
        body = json.dumps({"inputs": [examples[index]["id"]], "config": config})
        answer = client.post(f"/get_generated?{query}", data=body)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return examples[index], answer.get_json()[0]

    return run


def assert_children(parent, made):
    assert made
    assert len({each["id"] for each in made} | {parent["id"]}) == len(made) + 1
    for each in made:
        assert each["meta"]["parentId"] == parent["id"]
        assert each["meta"]["added"]
        assert set(each["data"]) == set(parent["data"])
        assert each["data"]["domain"] == parent["data"]["domain"]


def test_word_replacer(generate):
    parent, made = generate(
        "Word Replacer",
        0,
        {"Substitutions": "wonderful -> dreadful", "Fields to replace": ["sentence"]},
    )
    assert_children(parent, made)
    assert made[0]["data"]["sentence"] == TEXTS[0].replace("wonderful", "dreadful")


def flipped(app, model, parent, made):
    texts = [parent["data"]["sentence"], *(each["data"]["sentence"] for each in made)]
    before, *after = app._models[model].classifier.predict(texts).logits.argmax(-1)
    return [label != before for label in after]


@pytest.mark.parametrize("model", ["bert", "gpt2"])
def test_ablation_flip_finds_what_really_flips(app, generate, model):
    found = 0
    for index in range(len(TEXTS)):
        config = {"Prediction key": "probas", "Fields to ablate": ["sentence"]}
        parent, made = generate("Ablation Flip", index, config, model)
        if made:
            assert_children(parent, made)
            assert all(flipped(app, model, parent, made))
            found += 1
    assert found


def test_hotflip_writes_text_without_special_tokens(generate):
    found = 0
    for index in range(len(TEXTS)):
        config = {"Prediction key": "probas", "Fields to flip tokens in": ["tokens"]}
        parent, made = generate("HotFlip", index, config)
        if made:
            assert_children(parent, made)
            found += 1
        for each in made:
            assert "[CLS]" not in each["data"]["sentence"]
            assert "##" not in each["data"]["sentence"]
    assert found
