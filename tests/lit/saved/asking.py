"""What the page asks of an app that saves."""

import json


def ask(app, route, inputs=(), dataset_name="texts", **config):
    body = {"inputs": list(inputs), "config": config}
    return json.loads(app.answer(route, {"dataset_name": dataset_name}, body))


def get(app, dataset_name="texts"):
    """The datapoints of a dataset that were added."""
    return [each for each in ask(app, "/get_dataset", (), dataset_name) if each["meta"]["added"]]


def new(app, text, parent=None, dataset_name="texts", **more):
    """A datapoint as the page makes it, before it is committed."""
    own = {"sentence": text, "edit": "", "label": "positive", "domain": "film", **more}
    meta = {"added": 1, "source": "manual", "parentId": parent}
    made = {"id": "", "data": own, "meta": meta}
    return ask(app, "/annotate_new_data", [made], dataset_name)[0]


def save(app, *texts, **more):
    made = [new(app, text, **more) for text in texts]
    ask(app, "/save_datapoints", made)
    return made


def values(inputs):
    return [(each["id"], each["data"], each["meta"]) for each in inputs]
