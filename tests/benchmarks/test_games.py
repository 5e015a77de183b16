import sys

import numpy as np
import pytest

from benchmarks import games, shapiq_sides
from benchmarks.games import Game
from lit_plugins.errors import UserError

VALUES = np.random.default_rng(0).normal(size=2**6)


def table(tmp_path, python=sys.executable):
    return list(games.table([Game.of(VALUES)], (32, 64), 1, python, tmp_path))


def test_a_table_has_our_errors_and_coverage(tmp_path, monkeypatch):
    monkeypatch.setattr(games, "peer_errors", lambda *unused: ({"peer": [2.0, 1.0]}, "A remark."))
    rows = [line.strip("| ").split(" | ") for line in table(tmp_path)]
    by_name = {row[0]: row[1:] for row in rows}
    assert float(by_name["`shapley`"][1]) == pytest.approx(0, abs=1e-20)  # all pairs are known
    assert by_name["peer"] == ["2.00e+04", "1.00e+04"]
    assert by_name["`shapley` / best of the others"][1] == "0.00"
    assert by_name["`shapley`, within 1.96 standard errors"][1] == "100.0%"
    assert ["A remark."] in rows


def test_without_shapiq_the_table_says_so(tmp_path, monkeypatch):
    script = tmp_path / "sides.py"
    script.write_text("raise ModuleNotFoundError('No module named shapiq')")
    monkeypatch.setattr(shapiq_sides, "__file__", str(script))
    assert any("No module named shapiq); --shapiq names another" in row for row in table(tmp_path))


def test_a_python_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="--shapiq nowhere does not start"):
        table(tmp_path, "nowhere")


def test_games_are_read_in_any_order_of_coalitions(tmp_path):
    order = np.random.default_rng(1).permutation(64)
    members = (order[:, None] >> np.arange(6)) & 1
    np.savez(tmp_path / "one.npz", coalitions=members == 1, values=VALUES[order])
    (found,) = games.read(tmp_path).values()
    np.testing.assert_array_equal(found.values, VALUES)


def test_folders_without_games_are_refused(tmp_path):
    with pytest.raises(UserError, match="has no games"):
        games.read(tmp_path)
    np.savez(tmp_path / "one.npz", values=VALUES)
    with pytest.raises(UserError, match="no arrays named coalitions and values"):
        games.read(tmp_path)
    np.savez(tmp_path / "one.npz", coalitions=np.eye(3, dtype=bool), values=VALUES[:3])
    with pytest.raises(UserError, match="not the values of all coalitions"):
        games.read(tmp_path)


def test_own_games_are_of_both_models_and_their_difference():
    found = games.own_games()
    assert len(found) == 12
    for game in found.values():
        assert game.exact.sum() == pytest.approx(game.values[-1] - game.values[0])
    np.testing.assert_allclose(
        found["difference 0"].exact,
        found["sentiment-small 0"].exact - found["sentiment-bow 0"].exact,
        atol=1e-12,
    )
