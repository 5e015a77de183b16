from pathlib import Path

import pytest

from lit_plugins.errors import UserError
from lit_plugins.naming import name_and_source, named


def test_sources_are_named_after_their_last_part_or_as_they_say() -> None:
    assert named(["a/b", "new=a/b", "sst2"], "model") == {"b": "a/b", "new": "a/b", "sst2": "sst2"}
    assert named(["x/a", "y/a", "my set=z"], "dataset") == {"a": "x/a", "a-2": "y/a", "my-set": "z"}
    with pytest.raises(UserError, match="The model 'a' is given twice"):
        named(["a", "a"], "model")


@pytest.mark.parametrize("folder", ["rate=0.1", "runs/rate=0.1/steps=5", "a=b"])
def test_a_path_that_exists_is_a_path(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(folder).mkdir(parents=True)
    absolute = str(tmp_path / folder)
    assert name_and_source(folder) == ("", folder)
    assert name_and_source(absolute) == ("", absolute)
    assert name_and_source(f"mine={folder}") == ("mine", folder)
    assert name_and_source(f"mine={absolute}") == ("mine", absolute)


def test_a_name_ends_at_the_first_equals_sign_before_any_folder() -> None:
    assert name_and_source("mine=b=c") == ("mine", "b=c")
    assert name_and_source("./missing/rate=0.1") == ("", "./missing/rate=0.1")
    assert name_and_source("=a") == ("", "a")
    assert name_and_source("a") == ("", "a")
