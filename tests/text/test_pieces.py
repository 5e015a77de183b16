"""Pieces, the tokens as a tokenizer writes them, become rows and texts again."""

import pytest

from lit_plugins import UserError
from lit_plugins.text.pieces import Pieces
from tests.checkpoints import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_become_the_row_and_the_text_they_came_from(classifier, kind):
    (encoded,) = classifier(kind).encode(["the food was cold"])
    pieces = classifier(kind).pieces
    assert pieces.row(encoded.tokens) == encoded.row
    assert pieces.text(encoded.tokens).strip() == "the food was cold"


def test_a_row_of_pieces_is_cut_to_the_most_tokens(classifier):
    pieces = Pieces(classifier("bert").tokenizer, 3)
    assert len(pieces.row(["a"] * 9).input_ids) == 3


def test_the_vocabulary_is_in_the_order_of_ids_and_below_a_size(classifier):
    pieces = classifier("bert").pieces
    names, ids = pieces.vocabulary(7)
    assert ids == list(range(7))
    assert pieces.row(names).input_ids == tuple(ids)


def test_pieces_of_no_vocabulary_are_refused(classifier):
    with pytest.raises(UserError) as caught:
        classifier("bert").pieces.row(["[CLS]", "a", "nonesuch"])
    assert str(caught.value) == (
        "The token 'nonesuch' is not in the vocabulary; give the tokenizer's pieces."
    )
