"""What logits mean is said in one place."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch

import lit_plugins
from lit_plugins import UserError
from lit_plugins.models.task import NO_LABEL, ExclusiveClasses

CLASSES = ExclusiveClasses(("bad", "so so", "good"))

# Their exponentials are 1 : 2 : 5.
LOGITS = np.log(np.array([[1, 2, 5], [5, 2, 1], [2, 5, 1]], dtype=np.float64))
CHANCES = np.array([[0.125, 0.25, 0.625], [0.625, 0.25, 0.125], [0.25, 0.625, 0.125]])


def test_probabilities_are_the_softmax_and_logits_are_themselves():
    assert CLASSES.units == ("logit", "probability")
    np.testing.assert_allclose(CLASSES.values(LOGITS, "probability"), CHANCES, rtol=1e-15)
    np.testing.assert_allclose(CLASSES.chances(LOGITS[0]), CHANCES[0], rtol=1e-15)
    assert CLASSES.values(LOGITS, "logit") is LOGITS


def test_values_keep_the_precision_of_the_logits_and_bear_large_and_no_logits():
    assert CLASSES.chances(LOGITS.astype(np.float32)).dtype == np.float32
    np.testing.assert_array_equal(CLASSES.chances(np.array([1e4, 0, 0])), [1, 0, 0])
    assert CLASSES.chances(np.zeros((0, 3))).shape == (0, 3)


def test_values_of_tensors_are_those_of_arrays_and_have_gradients():
    logits = torch.tensor(LOGITS, requires_grad=True)
    assert CLASSES.tensor_values(logits, "logit") is logits
    values = CLASSES.tensor_values(logits, "probability")
    np.testing.assert_allclose(values.detach().numpy(), CHANCES, rtol=1e-15)
    (slope,) = torch.autograd.grad(values[0, 2], logits)
    # The derivative of p by its own logit is p (1 - p), by another's -p q.
    np.testing.assert_allclose(slope[0], 0.625 * np.array([-0.125, -0.25, 0.375]), rtol=1e-12)


def test_the_prediction_is_the_likeliest_class_in_any_unit():
    assert CLASSES.predicted(LOGITS).tolist() == [2, 0, 1]
    assert CLASSES.predicted(CHANCES).tolist() == [2, 0, 1]
    assert CLASSES.predicted([0.4, 0.4, 0.2]) == 0
    assert CLASSES.confidence(CHANCES).tolist() == [0.625, 0.625, 0.625]
    assert CLASSES.confidence(CHANCES[0]) == 0.625


def test_a_target_is_a_label_or_an_index():
    assert [CLASSES.target_index(label) for label in CLASSES.labels] == [0, 1, 2]
    assert [CLASSES.target_index(index) for index in (0, np.int64(2))] == [0, 2]
    assert [CLASSES.target_index(index) for index in ("0", "2")] == [0, 2]
    for target in ("best", 3, -1, "3", "-1", True):
        with pytest.raises(UserError) as caught:
            CLASSES.target_index(target)
        assert str(caught.value) == (
            f"The class {target!r} is none of this model's: bad, so so, good; "
            "give one of them or an index from 0 to 2."
        )


def test_a_target_of_digits_is_a_label_first_and_an_integer_must_not_be_two_classes():
    stars = ExclusiveClasses(("1", "2", "3"))
    assert [stars.target_index(target) for target in ("1", "2", "3", "0", 0)] == [0, 1, 2, 0, 0]
    for index in (1, 2, 3, np.int64(1)):
        with pytest.raises(UserError) as caught:
            stars.target_index(index)
        assert str(caught.value) == (
            f"The class {index} is one class's name and another's index; give a name, such as "
            f"'{index}', as a string."
        )
    assert [ExclusiveClasses(("0", "1")).target_index(target) for target in (1, "1")] == [1, 1]


def test_gold_labels_are_names_in_any_case_or_numbers():
    two = ExclusiveClasses(("Negative", "positive"))
    gold = two.gold_indices(["negative", "POSITIVE", None, "?", "1", "nan"])
    assert gold.tolist() == [0, 1, NO_LABEL, NO_LABEL, NO_LABEL, NO_LABEL]
    assert two.gold_indices(["1", "0", "?"]).tolist() == [1, 0, NO_LABEL]
    assert two.gold_indices(["?", None]).tolist() == [NO_LABEL, NO_LABEL]
    assert gold.dtype == two.gold_indices([]).dtype == np.int64


def test_numbers_are_read_for_all_gold_labels_together():
    stars = ExclusiveClasses(("1 star", "2 stars", "3 stars"))
    assert stars.gold_indices(["1", "3"]).tolist() == [0, 2]
    assert stars.gold_indices(["0", "1", "2"]).tolist() == [0, 1, 2]
    with pytest.raises(UserError, match="The labels 1, 2 in the column 'label' of the table do"):
        ExclusiveClasses(("negative", "positive")).gold_indices(["1", "2"])


def test_a_gold_label_is_the_class_of_that_very_name_first():
    assert ExclusiveClasses(("2", "1")).gold_indices(["1", "2"]).tolist() == [1, 0]
    assert ExclusiveClasses(("A", "a")).gold_indices(["a", "A"]).tolist() == [1, 0]


def test_other_names_are_another_task():
    assert CLASSES.with_labels(["1", "2", "3"]) == ExclusiveClasses(("1", "2", "3"))
    assert CLASSES.labels == ("bad", "so so", "good")


TABLE = np.array([[3.0, 1, 2], [1, 3, 2], [2, 0, 2]], dtype=np.float32)


def test_the_margin_is_below_zero_where_the_prediction_is_as_wanted():
    # Any class but the first: its logit minus the best other.
    assert CLASSES.margin(TABLE, predicted=0, goal=None).tolist() == [1, -2, 0]
    # The second class: the best other logit minus its own.
    assert CLASSES.margin(TABLE, predicted=0, goal=1).tolist() == [2, -1, 2]
    assert CLASSES.margin(TABLE[:0], 0, None).shape == (0,)


@pytest.mark.parametrize("goal", [None, 0, 1, 2])
def test_the_margins_slope_is_its_derivative(goal):
    logits = np.array([0.5, 3.0, 2.0], dtype=np.float32)
    slope = CLASSES.margin_slope(logits, predicted=1, goal=goal)
    step = 0.25  # exact in float32, and too small for another class to come first
    for index in range(3):
        moved = np.array([logits, logits])
        moved[1, index] += step
        before, after = CLASSES.margin(moved, predicted=1, goal=goal)
        assert (after - before) / step == slope[index]


ROOT = Path(lit_plugins.__file__).parent

MEANING = {"softmax", "log_softmax", "argmax", "sigmoid", "logsigmoid", "expit"}
"""Functions that turn logits into probabilities or into a prediction."""

ELSEWHERE = {
    "embedded/training/loop.py": "trains the package's own classifiers, whose classes it knows",
    "embedded/training/student.py": "matches a teacher's distribution",
    "explain/estimators/coalitions.py": "the size of coalitions that lacks most draws",
    "models/masked_language_model.py": "log-probabilities over a vocabulary, not over classes",
    "models/network.py": "the position of a text's first and last token",
}
"""Files that call them on something other than a classifier's logits, and on what."""


def called_in(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    functions = [node.func for node in nodes if isinstance(node, ast.Call)]
    return {getattr(function, "attr", getattr(function, "id", "")) for function in functions}


def test_no_other_file_says_what_logits_mean():
    calling = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        if called_in(path) & MEANING
    }
    assert calling == {"models/task.py", *ELSEWHERE}
