import pytest

from lit_plugins.errors import UserError
from lit_plugins.lit.app import CLIENT_ROOT
from lit_plugins.serve.page import own_index, with_own_assets


def call(app, path="/", query="", method="GET"):
    answer = {}

    def start_response(status, headers):
        answer.update(status=status, headers=dict(headers))

    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method}
    answer["body"] = b"".join(app(environ, start_response))
    return answer


def lit_app(environ, start_response):
    start_response("200 OK", [])
    return [b"from LIT: " + environ["PATH_INFO"].encode()]


def test_the_page_names_nothing_outside_and_links_what_the_package_has():
    index = call(with_own_assets(lit_app, CLIENT_ROOT))["body"].decode()
    assert "https://" not in index.partition("<html>")[2]
    assert '<script src="main.js"></script>' in index
    for asset in ("icons.css", "page.css", "page.js", "missing.js", "module.js"):
        path = f"/lit_plugins/{asset}"
        assert f'".{path}"' in index
        assert call(with_own_assets(lit_app, CLIENT_ROOT), path)["status"] == "200 OK"
    assert index.index("main.js") < index.index("page.js")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("icons.css", "text/css"),
        ("icons.ttf", "font/ttf"),
        ("page.js", "text/javascript"),
        ("amended/salience_maps.js", "text/javascript"),
    ],
)
def test_assets_have_their_type_and_length(name, kind):
    answer = call(with_own_assets(lit_app, CLIENT_ROOT), f"/lit_plugins/{name}")
    assert answer["headers"]["Content-Type"] == kind
    assert answer["headers"]["Content-Length"] == str(len(answer["body"]))


def test_all_else_is_lits():
    app = with_own_assets(lit_app, CLIENT_ROOT)
    assert call(app, "/get_info")["body"] == b"from LIT: /get_info"
    assert call(app, "/lit_plugins/../cli/program.py")["body"].startswith(b"from LIT")


def test_without_a_query_the_page_opens_as_it_was_told_to():
    app = with_own_assets(lit_app, CLIENT_ROOT, opening="models=a,b")
    answer = call(app)
    assert answer["status"] == "302 Found"
    assert answer["headers"]["Location"] == "./?models=a,b"
    assert call(app, query="models=a")["status"] == "200 OK"


def test_an_address_that_names_no_models_keeps_what_it_names():
    app = with_own_assets(lit_app, CLIENT_ROOT, opening="models=a,b")
    answer = call(app, query="layout=compare&data_sentence=so+so")
    assert answer["headers"]["Location"] == "./?layout=compare&data_sentence=so+so&models=a,b"


def test_head_has_no_body():
    answer = call(with_own_assets(lit_app, CLIENT_ROOT), method="HEAD")
    assert answer["body"] == b""
    assert int(answer["headers"]["Content-Length"]) > 0


def test_an_unknown_page_is_refused():
    with pytest.raises(UserError, match="install lit-nlp 1.3.1"):
        own_index("<html></html>")
