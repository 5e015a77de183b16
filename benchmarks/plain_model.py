"""A PyTorch classifier in a wrapper by LIT's documentation, which computes every output eagerly."""

from __future__ import annotations

from typing import Any

import torch
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from transformers import AutoModelForSequenceClassification, AutoTokenizer


class PlainModel(lit_model.BatchedModel):
    """Computes probabilities, embeddings, gradients and attention of examples in batches of 32."""

    LABELS = ("negative", "positive")

    def __init__(self, path: str):
        self.tokenizer = AutoTokenizer.from_pretrained(path)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            path, attn_implementation="eager"
        )
        self.model.eval()
        self.layers = self.model.config.num_hidden_layers

    def max_minibatch_size(self) -> int:
        return 32

    def input_spec(self) -> lit_types.Spec:
        return {
            "sentence": lit_types.TextSegment(),
            "label": lit_types.CategoryLabel(vocab=list(self.LABELS), required=False),
        }

    def output_spec(self) -> lit_types.Spec:
        return {
            "tokens": lit_types.Tokens(parent="sentence"),
            "probas": lit_types.MulticlassPreds(
                vocab=list(self.LABELS), parent="label", null_idx=0
            ),
            "pooled": lit_types.Embeddings(),
            "token_embeddings": lit_types.TokenEmbeddings(align="tokens"),
            "token_gradients": lit_types.TokenGradients(
                align="tokens", grad_for="token_embeddings", grad_target_field_key="label"
            ),
            **{
                f"attention_{layer}": lit_types.AttentionHeads(
                    align_in="tokens", align_out="tokens"
                )
                for layer in range(self.layers)
            },
        }

    def predict_minibatch(self, inputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        encoded = self.tokenizer(
            [example["sentence"] for example in inputs],
            return_tensors="pt",
            padding="longest",
            truncation=True,
            max_length=128,
        )
        embeddings = self.model.get_input_embeddings()(encoded["input_ids"]).detach()
        embeddings.requires_grad_(True)
        output = self.model(
            inputs_embeds=embeddings,
            attention_mask=encoded["attention_mask"],
            output_hidden_states=True,
            output_attentions=True,
        )
        targets = torch.tensor([self.LABELS.index(example["label"]) for example in inputs])
        chosen = output.logits.gather(1, targets.unsqueeze(1)).sum()
        (gradients,) = torch.autograd.grad(chosen, embeddings)
        arrays = {
            "probas": output.logits.softmax(-1),
            "pooled": output.hidden_states[-1][:, 0],
            "token_embeddings": embeddings,
            "token_gradients": gradients,
            **{f"attention_{layer}": heads for layer, heads in enumerate(output.attentions)},
        }
        numbers = {name: tensor.detach().numpy() for name, tensor in arrays.items()}
        results = []
        for index, ids in enumerate(encoded["input_ids"]):
            length = int(encoded["attention_mask"][index].sum())
            result = {name: values[index] for name, values in numbers.items()}
            result["tokens"] = self.tokenizer.convert_ids_to_tokens(ids[:length])
            for name in ("token_embeddings", "token_gradients"):
                result[name] = result[name][:length]
            for layer in range(self.layers):
                name = f"attention_{layer}"
                result[name] = result[name][:, :length, :length]
            results.append(result)
        return results
