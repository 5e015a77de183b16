import pytest

from tests.lit.conftest import a_table


@pytest.fixture
def new_app(named_classifier, tmp_path):
    """Starts anew on the same folder, with the models and the table that are given."""

    from lit_plugins.lit.build import build_app

    def start(kinds=("bert",), table=None, name="texts"):
        models = {kind: named_classifier(kind) for kind in kinds}
        return build_app(models, {name: table or a_table()}, data_dir=tmp_path)

    return start


@pytest.fixture
def app(new_app):
    return new_app()
