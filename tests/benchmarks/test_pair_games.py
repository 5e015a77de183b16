import numpy as np
import pytest

from benchmarks import games, pair_games
from benchmarks.games import Game
from tests.explain.estimators.test_pair_interactions import by_definition

VALUES = np.random.default_rng(0).normal(size=2**6)


def test_the_exact_interactions_are_those_of_the_definition():
    np.testing.assert_allclose(
        pair_games.interactions(VALUES), by_definition(VALUES, 6), atol=1e-12
    )


def test_a_table_has_our_errors_and_coverage(tmp_path, monkeypatch):
    monkeypatch.setattr(games, "peer_errors", lambda *unused: ({"peer": [2.0, 1.0]}, "A remark."))
    lines = pair_games.table([Game.of(VALUES)], (32, 64), 1, "python", tmp_path)
    rows = [line.strip("| ").split(" | ") for line in lines]
    by_name = {row[0]: row[1:] for row in rows}
    assert float(by_name["`shapley`, pairs"][1]) == pytest.approx(0, abs=1e-20)  # all are known
    assert by_name["`shapley`, pairs / best of the others"][1] == "0.00"
    assert by_name["`shapley`, pairs, within 1.96 standard errors"][1] == "100.0%"
    assert ["A remark."] in rows
