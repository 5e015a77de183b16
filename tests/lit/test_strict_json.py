import json
from types import MappingProxyType

import numpy as np
import pytest

from lit_plugins.lit.strict_json import strict_json


def test_arrays_are_lists_and_what_is_no_number_is_null():
    value = {
        "array": np.array([[1.5, np.nan], [np.inf, -np.inf]]),
        "number": np.float32("nan"),
        "plain": float("inf"),
        "record": MappingProxyType({"text": 'NaN, "Infinity"', "tuple": (1, None)}),
    }
    assert json.loads(strict_json(value), parse_constant=pytest.fail) == {
        "array": [[1.5, None], [None, None]],
        "number": None,
        "plain": None,
        "record": {"text": 'NaN, "Infinity"', "tuple": [1, None]},
    }
