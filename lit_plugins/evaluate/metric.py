"""Declaration of a metric: its name, the function that makes its table, and its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lit_plugins.data import TextTable
from lit_plugins.evaluate.inputs import Classifiers, Table, models, table_of
from lit_plugins.models.predictor import Predictor
from lit_plugins.options import Option, check_options
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Question:
    """The inputs of a metric.

    Attributes:
        classifiers: models by name.
        table: the texts.
        methods, rules: names; None for all.
        by: what to slice by, see `slices`; None for all texts as one slice.
        sample: the keyword `sample` with the most texts of a slice, or None for all; an empty
            mapping for the evaluation's default.
        options: checked values of the metric's options, by name.
        progress: called with (parts done, parts in all) from time to time; an exception that it
            raises stops the work.
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
        """The keyword arguments for an evaluation that draws a sample of each slice."""
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
        name: the name that a page shows, without colon or comma. The column of a metric's table
            has underscores in place of its spaces.
        help: one sentence that explains the number.
        best: which value is best.
    """

    name: str
    help: str
    best: Literal["highest", "lowest", "zero", "none"] = "none"

    @property
    def column(self) -> str:
        """The name of the measure's column in a metric's table."""
        return self.name.replace(" ", "_")


def always(question: Question) -> bool:
    """Accepts every question."""
    return True


@dataclass(frozen=True)
class Metric:
    """One evaluation table.

    Attributes:
        name: the name used in Python and on the command line.
        title: the title shown to people.
        help: a sentence that explains the table.
        make: computes the table, with one or more rows for each model and slice. The column
            `model` names the model; the column named by `Question.by` holds the slice.
        options: the metric's own options, besides those of every question. Metrics may share an
            option.
        fits: tells whether the metric can be computed for the question's models and texts. If
            not, `make` raises a `UserError`.
        quick: whether the metric is computed when no metrics are named.
        needs_shared_classes: whether the metric compares models with each other, which requires
            that all models have the same classes.
        measures: the columns that a page shows of one model's table. Other columns, such as the
            method's name, tell its rows apart. The page does not list a metric without measures
            by itself.
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
        table: Table,
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
            options: the metric's own options, and `sample`, the most texts of a slice or None for
                all.

        Raises:
            UserError: an option is refused, or the metric does not fit the models or texts.
        """
        sample = {"sample": options.pop("sample")} if "sample" in options else {}
        checked = check_options(self.options, options)
        return self.make(
            Question(
                models(classifiers), table_of(table), methods, rules, by, sample, checked, progress
            )
        )
