import base64
import gzip
import hashlib
import re
import shutil

import pytest

from lit_plugins.errors import UserError
from lit_plugins.lit.build import CLIENT_ROOT
from lit_plugins.serve import page
from lit_plugins.serve.page import own_address, own_index, script_hashes, with_own_assets


def call(app, path="/", query="", method="GET", **headers):
    answer = {}

    def start_response(status, headers):
        answer.update(status=status, headers=dict(headers))

    environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, **headers}
    answer["body"] = b"".join(app(environ, start_response))
    return answer


def below(environ, start_response):
    start_response("404 Not Found", [])
    return [b"from below: " + environ["PATH_INFO"].encode()]


def test_the_page_names_nothing_outside_and_links_what_the_package_has():
    index = call(with_own_assets(below, CLIENT_ROOT))["body"].decode()
    assert f'{{"imports": {{"lit-plugins": ".{own_address("module.js")}"}}}}' in index
    assert "https://" not in index.partition("<html>")[2]
    assert '<script src="main.js"></script>' in index
    for asset in ("icons.css", "page.css", "page.js", "failed_module.js", "module.js"):
        path = own_address(asset)
        assert f'".{path}"' in index
        assert call(with_own_assets(below, CLIENT_ROOT), path)["status"] == "200 OK"
    tags = [line.strip() for line in index.splitlines() if line.strip().startswith("<script")]
    assert [re.search(r"\w+\.js|importmap", tag)[0] for tag in tags] == [
        "importmap",
        "main.js",
        "page.js",
        "failed_module.js",
    ]


def test_all_scripts_are_fetched_at_once():
    app = with_own_assets(below, CLIENT_ROOT)
    early = re.findall(r'rel="modulepreload" href="\.(/[^"]+)"', call(app)["body"].decode())
    assert len(early) > 20
    assert own_address("modules/attention.js") in early
    for path in early:
        assert call(app, path)["headers"]["Content-Type"] == "text/javascript"


def test_modules_of_others_stand_between(tmp_path):
    script = tmp_path / "some.js"
    script.write_text("// some")
    app = with_own_assets(below, CLIENT_ROOT, modules={"a-module": script})
    index = call(app)["body"].decode()
    (tag,) = re.findall(r'<script [^>]*data-defines="a-module"></script>', index)
    assert index.rindex("page.js") < index.index(tag) < index.rindex("failed_module.js")
    (path,) = re.findall(r'src="\.([^"]+)"', tag)
    assert call(app, path)["body"] == b"// some"


def test_what_is_text_is_packed_for_those_who_take_it():
    app = with_own_assets(below, CLIENT_ROOT)
    plain = call(app, "/main.js")
    packed = call(app, "/main.js", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert packed["headers"]["Content-Encoding"] == "gzip"
    assert packed["headers"]["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed["body"]) == plain["body"]
    assert plain["body"] == (CLIENT_ROOT / "main.js").read_bytes()
    assert len(packed["body"]) < len(plain["body"]) / 3


def test_what_a_browser_has_already_is_not_sent_again():
    app = with_own_assets(below, CLIENT_ROOT)
    headers = call(app, "/main.js")["headers"]
    tag = headers["ETag"]
    assert headers["Cache-Control"] == "no-cache"
    again = call(app, "/main.js", HTTP_IF_NONE_MATCH=tag)
    assert again["status"] == "304 Not Modified"
    assert again["body"] == b""
    other = call(app, own_address("page.js"), HTTP_IF_NONE_MATCH=tag)
    assert other["status"] == "200 OK"


@pytest.fixture
def changed(monkeypatch, tmp_path):
    """Another version of the package's files; gives that of one of them."""
    folder = shutil.copytree(page.ASSETS, tmp_path / "client")
    (folder / "module.js").write_text("// changed")
    monkeypatch.setattr(page, "ASSETS", folder)
    page._own.cache_clear()
    page._version.cache_clear()
    yield b"// changed"
    page._own.cache_clear()
    page._version.cache_clear()


def test_the_packages_own_files_need_not_be_asked_for_again():
    answer = call(with_own_assets(below, CLIENT_ROOT), own_address("page.js"))
    assert answer["headers"]["Cache-Control"] == "private, max-age=31536000, immutable"


def test_files_of_another_version_stand_elsewhere(request):
    before = own_address("page.js")
    changed = request.getfixturevalue("changed")
    app = with_own_assets(below, CLIENT_ROOT)
    assert own_address("page.js") != before
    assert call(app, before)["body"] == b"from below: " + before.encode()
    assert call(app, own_address("module.js"))["body"] == changed
    assert own_address("page.js") in call(app)["body"].decode()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("icons.css", "text/css"),
        ("icons.ttf", "font/ttf"),
        ("page.js", "text/javascript"),
        ("lit_patches/salience_maps.js", "text/javascript"),
    ],
)
def test_assets_have_their_type_and_length(name, kind):
    answer = call(with_own_assets(below, CLIENT_ROOT), own_address(name))
    assert answer["headers"]["Content-Type"] == kind
    assert answer["headers"]["Content-Length"] == str(len(answer["body"]))


@pytest.mark.parametrize(
    "path",
    [
        "/get_info",
        "/main.js.map",
        "/static/index.html",
        "/static/",
        "/static/../main.js",
        "/static/%2e%2e/main.js",
        "/lit_plugins/../cli/commands.py",
        "/lit_plugins/module.js",
        f"{own_address('module.js')}/",
        own_address("/module.js"),
        own_address("../module.js"),
        "//main.js",
        "/index.html\0",
        "/etc/passwd",
    ],
)
def test_what_is_no_file_of_the_page_goes_on_below(path):
    app = with_own_assets(below, CLIENT_ROOT)
    assert call(app, path)["body"] == b"from below: " + path.encode()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_files_are_read_only(method):
    app = with_own_assets(below, CLIENT_ROOT)
    assert call(app, "/main.js", method=method)["body"] == b"from below: /main.js"


def test_every_file_that_lits_script_names_is_there():
    app = with_own_assets(below, CLIENT_ROOT)
    script = (CLIENT_ROOT / "main.js").read_text("utf-8")
    named = set(re.findall(r"\bstatic/[\w.-]+\.\w+", script)) | {"static/favicon.png"}
    assert len(named) > 8
    for path in sorted(named):
        answer = call(app, f"/{path}")
        assert answer["body"] == (CLIENT_ROOT / path).read_bytes()
        assert answer["headers"]["Content-Type"].startswith("image/")


def test_the_pages_inline_scripts_are_those_that_have_a_hash():
    index = call(with_own_assets(below, CLIENT_ROOT))["body"].decode()
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", index, re.S)
    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inline]
    assert script_hashes() == tuple(f"'sha256-{each}'" for each in hashes)
    assert len(hashes) == 1
    assert " onload=" not in index


def test_without_a_query_the_page_opens_as_it_was_told_to():
    app = with_own_assets(below, CLIENT_ROOT, opening="models=a,b")
    answer = call(app)
    assert answer["status"] == "302 Found"
    assert answer["headers"]["Location"] == "./?models=a,b"
    assert call(app, query="models=a")["status"] == "200 OK"


def test_an_address_that_names_no_models_keeps_what_it_names():
    app = with_own_assets(below, CLIENT_ROOT, opening="models=a,b")
    answer = call(app, query="layout=compare&data_sentence=so+so")
    assert answer["headers"]["Location"] == "./?layout=compare&data_sentence=so+so&models=a,b"


def test_below_a_prefix_the_page_opens_as_it_was_told_to():
    app = with_own_assets(below, CLIENT_ROOT, opening="models=a,b")
    answer = call(app, "/", SCRIPT_NAME="/tools/lit")
    assert answer["headers"]["Location"] == "./?models=a,b"
    assert call(app, "/main.js", SCRIPT_NAME="/tools/lit")["status"] == "200 OK"


def test_head_has_no_body():
    answer = call(with_own_assets(below, CLIENT_ROOT), method="HEAD")
    assert answer["body"] == b""
    assert int(answer["headers"]["Content-Length"]) > 0


def test_an_unknown_page_is_refused():
    with pytest.raises(UserError, match="install lit-nlp 1.3.1"):
        own_index("<html></html>")
