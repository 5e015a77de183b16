"""How the page's scripts are written, as far as neither oxlint nor tsc looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [
    path
    for folder in ("lit_plugins/serve/client", "demos")
    for kind in ("js", "ts")
    for path in sorted((ROOT / folder).rglob(f"*.{kind}"))
]
LINE_LENGTH = 100


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_lines_fit_and_have_nothing_after_them(path: Path) -> None:
    text = path.read_text()
    assert text.endswith("\n")
    assert "\t" not in text
    lines = enumerate(text.splitlines(), 1)
    assert [at for at, line in lines if len(line) > LINE_LENGTH or line != line.rstrip()] == []
