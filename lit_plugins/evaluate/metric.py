"""What a metric is: a name, a function that makes a table, and what a page shows of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lit_plugins.data import TextTable
from lit_plugins.evaluate.inputs import Classifiers, models
from lit_plugins.models.predictor import Predictor
from lit_plugins.options import Option, check_options
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Question:
    """What a metric is asked.

    Attributes:
        classifiers: models by name.
        table: the texts.
        methods, rules: names; None for all.
        by: what to slice by, see `slices`; None for all texts as one slice.
        sample: the keyword `sample` with the most texts of a slice, None for all; empty for the
            default of the evaluation.
        options: checked values of the metric's options, by name.
        progress: called with (parts done, parts in all) now and then; what it raises stops the
            work.
    """

    classifiers: Mapping[str, Predictor]
    table: TextTable
    methods: Sequence[str] | None = None
    rules: Sequence[str] | None = None
    by: str | None = None
    sample: Mapping[str, int | None] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    progress: Progress | None = None

    def drawn(self) -> dict[str, Any]:
        """Keywords of an evaluation that draws a sample of each slice."""
        return {
            "by": self.by,
            **self.sample,
            "seed": self.options["seed"],
            "progress": self.progress,
        }


@dataclass(frozen=True)
class Measure:
    """One number of a metric.

    Attributes:
        name: as a page shows it, without colon or comma; in a metric's table its column has
            underscores in place of spaces.
        help: one sentence.
        best: which value is best.
    """

    name: str
    help: str
    best: Literal["highest", "lowest", "zero", "none"] = "none"

    @property
    def column(self) -> str:
        """The name of its column in a metric's table."""
        return self.name.replace(" ", "_")


def always(question: Question) -> bool:
    """Every question."""
    return True


@dataclass(frozen=True)
class Metric:
    """One table to decide by.

    Attributes:
        name: as it is asked for in Python and on the command line.
        title: as people read it.
        help: a sentence on what it shows.
        make: computes the table: a row a model and slice, or more. The column `model` names the
            model, and the column that `Question.by` names the slice.
        options: what may be set, beside what every question has. Metrics may share an option.
        fits: whether the models and texts at hand are what it needs; where not, `make` raises a
            `UserError`.
        quick: whether it is made where no metrics are named.
        needs_shared_classes: whether it holds models against each other, so that all models must
            have the same classes.
        measures: the columns that a page shows of one model's table. Other columns, such as the
            method's name, tell its rows apart. A metric without measures is not in the page by
            itself.
    """

    name: str
    title: str
    help: str
    make: Callable[[Question], DataFrame]
    options: tuple[Option, ...] = ()
    fits: Callable[[Question], bool] = always
    quick: bool = False
    needs_shared_classes: bool = False
    measures: tuple[Measure, ...] = ()

    def __call__(
        self,
        classifiers: Classifiers,
        table: TextTable,
        *,
        methods: Sequence[str] | None = None,
        rules: Sequence[str] | None = None,
        by: str | None = None,
        progress: Progress | None = None,
        **options: Any,
    ) -> DataFrame:
        """The table of one model, or of several by name.

        Args:
            classifiers, table, methods, rules, by, progress: as in `Question`.
            options: the metric's own, and `sample`, the most texts of a slice, None for all.

        Raises:
            UserError: an option is refused, or the models or texts are not what it needs.
        """
        sample = {"sample": options.pop("sample")} if "sample" in options else {}
        checked = check_options(self.options, options)
        return self.make(
            Question(models(classifiers), table, methods, rules, by, sample, checked, progress)
        )
