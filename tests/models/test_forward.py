from __future__ import annotations

import torch
from transformers import (
    AutoModelForSequenceClassification,
)

from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.forward import Forward
from lit_plugins.text.encoded import Row
from tests.models.toy_networks import (
    PAD,
)


def test_inputs_that_the_tokenizer_does_not_make_are_not_passed(checkpoint):
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint("bert"))
    row = Row((5, 6, 7), (0, 1, 1))
    with torch.inference_mode():
        logits = []
        for names in (("input_ids",), ("input_ids", "token_type_ids")):
            forward = Forward(Copies(private_copy(model)), PAD, names)
            logits.append(forward(forward.collate([row], "none"), "none").logits)
        plain = model.eval()(torch.tensor([row.input_ids])).logits
        typed = model(
            torch.tensor([row.input_ids]), token_type_ids=torch.tensor([row.type_ids])
        ).logits
    assert torch.equal(logits[0], plain)
    assert torch.equal(logits[1], typed)
    assert not torch.equal(plain, typed)
