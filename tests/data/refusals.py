"""What every refusal owes the user: one sentence."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lit_plugins.data import load_table
from lit_plugins.errors import UserError


def refusal(source: object, **options: Any) -> str:
    """The one sentence with which `load_table` refuses a source."""
    with pytest.raises(UserError) as caught:
        load_table(str(source), **options)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", said), said
    assert "Traceback" not in said
    return said
