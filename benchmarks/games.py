"""Errors and coverage of sampled Shapley values on games whose values are all known.

Games come from a folder of `.npz` files with `coalitions`, bool [2^n, n], and `values`, float
[2^n], as shapiq publishes them; without a folder, from `games.npz` of the embedded models. All
estimators get the same games and numbers of evaluations.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import make_games, markdown, shapiq_sides
from benchmarks.accuracy import SIGMAS
from benchmarks.truth import shapley_values
from lit_plugins.errors import UserError
from lit_plugins.explain.estimators.shapley_sampling import Shapley, sample

MOST = 10_000
TOLERANCES = (0.05, 0.1)
_EXACT = 1e-9


@dataclass(frozen=True, eq=False)
class Game:
    """A game that is known completely.

    Attributes:
        values: float64 [2 ** players]; bit i of an index says whether player i is a member.
        exact: its Shapley values, float64 [players]; or its interactions (`pair_games`), float64
            [players, players].
    """

    values: np.ndarray
    exact: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Game:
        """Makes a game of all its values, float [2 ** players]."""
        values = np.asarray(values, dtype=np.float64)
        return cls(values, shapley_values(values))


def own_games() -> dict[str, Game]:
    """Returns the embedded models' games by model and number, and those of their difference."""
    with np.load(make_games.FILE) as stored:
        tables = {name: stored[name] / make_games.STEPS for name in stored.files}
    first, second = make_games.MODELS
    for name in [name for name in tables if name.startswith(first)]:
        tables[name.replace(first, "difference")] = (
            tables[name] - tables[name.replace(first, second)]
        )
    return {name: Game.of(values) for name, values in tables.items()}


def read(folder: Path) -> dict[str, Game]:
    """Reads the games of a folder, by the names of their files.

    Raises:
        UserError: the folder has no such files.
    """
    files = sorted(folder.glob("*.npz"))
    if not files:
        raise UserError(f"{folder} has no games: .npz files with coalitions and values are needed.")
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> Game:
    with np.load(file) as stored:
        if not {"coalitions", "values"} <= set(stored.files):
            raise UserError(f"{file} has no arrays named coalitions and values.")
        members, given = stored["coalitions"].astype(bool), stored["values"]
    values = np.full(2 ** members.shape[1], np.nan)
    values[members @ (1 << np.arange(members.shape[1]))] = given
    if np.isnan(values).any():
        raise UserError(f"{file} has not the values of all coalitions.")
    return Game.of(values)


def play(
    games: Sequence[Game],
    evaluations: int,
    tolerance: float,
    seed: int,
    *,
    interactions: bool = False,
) -> list[Shapley]:
    """Shapley values, and interactions if asked for, by this package's estimators."""

    def worths(picked: Sequence[int], coalitions: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [
            games[index].values[members @ (1 << np.arange(members.shape[1]))]
            for index, members in zip(picked, coalitions, strict=True)
        ]

    return sample(
        [float(game.values[-1]) for game in games],
        [len(game.exact) for game in games],
        worths,
        evaluations=evaluations,
        tolerance=tolerance,
        seed=seed,
        interactions=interactions,
    )


@dataclass(frozen=True)
class Accuracy:
    """How far estimates are from the exact values.

    Attributes:
        squared: mean squared error, over games, seeds and players.
        covered: share of the values within `SIGMAS` standard errors.
    """

    squared: float
    covered: float


def accuracy_of(games: Sequence[Game], evaluations: int, seeds: int) -> Accuracy:
    """Measures this package's estimator."""
    squared, covered = [], []
    for seed in range(seeds):
        for game, found in zip(games, play(games, evaluations, 0.0, seed), strict=True):
            off = np.abs(found.scores - game.exact)
            squared.append(np.mean(off**2))
            covered.append(np.mean(off <= SIGMAS * found.error + _EXACT))
    return Accuracy(float(np.mean(squared)), float(np.mean(covered)))


def table(
    games: Sequence[Game], budgets: Sequence[int], seeds: int, python: str, folder: Path
) -> Iterator[str]:
    """Yields the table's lines.

    Args:
        games: games that are known completely.
        budgets: numbers of evaluations.
        seeds: runs of each estimator on each game.
        python: the interpreter that has shapiq.
        folder: a folder for files in between.
    """
    ours = [accuracy_of(games, budget, seeds) for budget in budgets]
    peers, remark = peer_errors(games, budgets, seeds, python, folder)
    yield from error_rows("`shapley`", budgets, ours, peers)
    yield ""
    yield remark
    for tolerance in TOLERANCES:
        ended, within = early_ends(games, tolerance, seeds)
        yield (
            f"Tolerance {tolerance:g}, half of all coalitions at most: {ended} runs of "
            f"{seeds * len(games)} end early, {within} of them within the tolerance."
        )


def error_rows(
    ours_name: str,
    budgets: Sequence[int],
    ours: Sequence[Accuracy],
    peers: Mapping[str, list[float] | str],
) -> Iterator[str]:
    """Yields a table of this package's errors and others', with ratios and coverage.

    Args:
        ours_name: the name of this package's estimator.
        budgets: numbers of evaluations.
        ours: this package's accuracy at each of them.
        peers: as `peer_errors` returns them.
    """
    yield markdown.head("mean squared error × 10⁴", *(f"{budget:,}" for budget in budgets))
    yield _row(ours_name, [1e4 * found.squared for found in ours], "#.3g")
    for name, errors in peers.items():
        if isinstance(errors, str):
            yield markdown.row(name, errors, *["–"] * (len(budgets) - 1))
        else:
            yield _row(name, [1e4 * error for error in errors], "#.3g")
    measured = [errors for errors in peers.values() if not isinstance(errors, str)]
    if measured:
        best = np.min(measured, axis=0)
        ratios = [found.squared / error for found, error in zip(ours, best, strict=True)]
        yield _row(f"{ours_name} / best of the others", ratios, ".2f")
    yield _row(
        f"{ours_name}, within {SIGMAS} standard errors", [one.covered for one in ours], ".1%"
    )


def _row(name: str, numbers: Sequence[float], form: str) -> str:
    return markdown.row(name, *(markdown.number(number, form) for number in numbers))


def peer_errors(
    games: Sequence[Game], budgets: Sequence[int], seeds: int, python: str, folder: Path
) -> tuple[dict[str, list[float] | str], str]:
    """Mean squared errors of shapiq's estimators, or why one did not run, and a remark.

    Args:
        games, budgets, seeds, python, folder: as in `table`.
    """
    file = folder / "games.npz"
    arrays = {f"values {number}": game.values for number, game in enumerate(games)}
    arrays |= {f"exact {number}": game.exact for number, game in enumerate(games)}
    np.savez(file, **arrays)
    command = [python, shapiq_sides.__file__, str(file), json.dumps(list(budgets)), str(seeds)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise UserError(f"--shapiq {python} does not start: {error.strerror}.") from None
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        return {}, f"shapiq was not run by {python} ({reason}); --shapiq names another Python."
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["errors"], f"{len(games)} games, {seeds} seeds, shapiq {answer['version']}."


def early_ends(games: Sequence[Game], tolerance: float, seeds: int) -> tuple[int, int]:
    """Counts the runs that end early, and those of them that are truly within the tolerance."""
    ended = within = 0
    for seed in range(seeds):
        for game in games:
            most = min(MOST, len(game.values) // 2)
            (found,) = play([game], most, tolerance, seed)
            if found.evaluations < most:
                ended += 1
                off = np.linalg.norm(found.scores - game.exact)
                within += bool(off <= tolerance * np.linalg.norm(found.scores))
    return ended, within
