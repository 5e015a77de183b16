"""Requests that no page would send, for every route: drawn by hypothesis, alike on each machine."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from lit_plugins.serve.page import own_address

ROUTES = (
    "/get_info",
    "/get_dataset",
    "/annotate_new_data",
    "/get_preds",
    "/get_interpretations",
    "/get_generated",
    "/get_metrics",
    "/get_progress",
    "/saved_datapoints",
    "/save_datapoints",
    "/remove_datapoints",
    "/removed_datapoints",
    "/restore_datapoints",
    "/load_datapoints",
    "/download_datapoints",
)
PAGE_SCRIPT = own_address("page.js")
# LIT's, which are not to be there, files of the page, and what has nothing behind it.
OTHER_PATHS = (
    *("/create_model", "/create_dataset"),
    *("/post_new_data", "/fetch_new_data", "/remove_new_data", "/push_ui_state"),
    *("/", "/index.html", "/main.js", PAGE_SCRIPT, "/static/favicon.png", "/healthz"),
    *("", "//", "/.", "/..", "/../../etc/passwd", "/static/../../../../etc/passwd", "/get_info/"),
    *("/lit_plugins/../__init__.py", "/lit_plugins/%2e%2e/page.py", "/static/\0", "/GET_INFO"),
    *("/lit_plugins/page.js", "/static/%00", "/\\..\\..", "/get_info%00", "/get_preds;x=1"),
    *("/\xe9", "/" + "a" * 5000),
)
METHODS = ("POST",) * 12 + ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "X", "")
KINDS = ("application/json",) * 12 + (
    *("", "text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded"),
    *("multipart/form-data", "APPLICATION/JSON", "application/json\xff", "a" * 10_000),
)


@dataclass(frozen=True)
class Request:
    """One request, as a WSGI app gets it.

    Attributes:
        method: of any letters.
        path: unescaped.
        query: escaped or not.
        body: what it sends.
        headers: by their names in the environ.
    """

    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def environ(self) -> dict[str, Any]:
        """As a server on the loopback interface gives it to the app."""
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "5380",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(self.body)),
            "HTTP_HOST": "127.0.0.1:5380",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self.headers,
        }


@dataclass(frozen=True)
class Names:
    """What a server knows by name.

    Attributes:
        models: its models.
        dataset: its dataset.
        ids: of the dataset's examples.
        fields: of the dataset.
        components: its interpreters, generators and metrics with the options of each.
    """

    models: Sequence[str]
    dataset: str
    ids: Sequence[str]
    fields: Sequence[str]
    components: Mapping[str, Mapping[str, Sequence[str]]]

    def questions(self) -> Iterator[tuple[str, dict[str, str], Sequence[str]]]:
        """All that can be asked: a route, what its address says, and its config's options."""
        for route in ROUTES:
            kind = _COMPONENTS.get(route)
            if kind is None:
                yield route, {}, _OWN_OPTIONS
            else:
                for name, options in self.components[kind].items():
                    yield route, {kind: name}, options


def requests(names: Names) -> st.SearchStrategy[list[Request]]:
    """The same to every route; some part of it is not as it should be, or all of it."""
    return aimed(names) | blind(names)


@st.composite
def aimed(draw: st.DrawFn, names: Names) -> list[Request]:
    """All that is there is asked for in the right way, but for the same few values."""
    right = st.lists(st.sampled_from(names.ids), min_size=1, max_size=2)
    inputs = draw(right | right | st.lists(examples(names), max_size=3))
    given = draw(st.lists(values(names), max_size=3))
    first = draw(st.integers(0, _MOST_OPTIONS))
    more = draw(queries(names)) if draw(st.integers(0, 9)) == 0 else ""
    model = draw(st.sampled_from(names.models))
    asked = []
    for route, options, known in names.questions():
        turned = (*known[first % len(known) :], *known[: first % len(known)]) if known else ()
        body = {"inputs": inputs, "config": dict(zip(turned, given, strict=False)) or None}
        query = urlencode({"model": model, "dataset_name": names.dataset, **options})
        asked.append(Request("POST", route, f"{query}&{more}", _dumped(body), _JSON))
    return asked


@st.composite
def blind(draw: st.DrawFn, names: Names) -> list[Request]:
    """Any address and any body, sent to all routes and to a path that is none."""
    other = draw(st.sampled_from(OTHER_PATHS) | texts().map(_path))
    method, query = draw(st.sampled_from(METHODS)), draw(queries(names))
    body, sent = draw(bodies(names)), draw(headers())
    return [Request(method, path, query, body, sent) for path in (*ROUTES, other)]


def examples(names: Names) -> st.SearchStrategy[Any]:
    """Ids, and examples that are not quite as the page sends them."""
    data = st.dictionaries(st.sampled_from((*names.fields, "_id", "_meta", "x")), values(names))
    whole = st.builds(
        lambda text, more: {"data": {"sentence": text, **more}, "id": "", "meta": {}},
        texts(),
        st.just({}) | data,
    )
    loose = st.fixed_dictionaries(
        {}, optional={"data": data | values(names), "id": values(names), "meta": values(names)}
    )
    return st.sampled_from(names.ids) | whole | whole | loose | values(names)


def values(names: Names) -> st.SearchStrategy[Any]:
    """JSON of any kind: names that mean something, numbers at the edge, deep and odd objects."""
    known = (*names.models, *names.ids, *names.fields, names.dataset)
    flat = st.one_of(
        st.sampled_from(known),
        st.sampled_from(sorted(set().union(*(names.components.values())))),
        st.sampled_from(_NUMBERS),
        st.sampled_from(_NUMBERS).map(str),
        st.sampled_from((None, True, False, "", "true", "0", "auto", "nan", "inf", "-1")),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        texts(),
        st.sampled_from(_REVIVED),
    )
    return st.recursive(
        flat,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(), inner, max_size=4),
        max_leaves=6,
    )


def texts() -> st.SearchStrategy[str]:
    """Texts of any characters, some of them long."""
    return st.one_of(
        st.text(max_size=20),
        st.sampled_from(_TEXTS),
        st.text(alphabet="ab .,", min_size=1, max_size=60),
    )


def queries(names: Names) -> st.SearchStrategy[str]:
    """Addresses' options: known names and others, given twice, empty, escaped or not."""
    option = st.sampled_from(_OPTIONS) | texts()
    value = st.sampled_from((*names.models, names.dataset, *_VALUES)) | texts()
    pairs = st.lists(st.tuples(option, value), max_size=6)
    return st.one_of(
        pairs.map(lambda each: urlencode(each, errors="replace")),
        pairs.map(lambda each: "&".join(f"{_path(name)}={_path(text)}" for name, text in each)),
        st.sampled_from(("&&&=", "%", "%zz=%f", "%ff=%fe", "a" * 9000, "model", "=", "a=1&" * 99)),
    )


def bodies(names: Names) -> st.SearchStrategy[bytes]:
    """Bodies that are JSON of some kind, and such that are not."""
    return st.one_of(
        values(names).map(_dumped),
        st.fixed_dictionaries(
            {}, optional={"inputs": values(names), "config": values(names), "x": values(names)}
        ).map(_dumped),
        st.sampled_from(_BODIES),
        st.binary(max_size=40),
        values(names).map(lambda value: json.dumps(value).encode("utf-16")),
    )


def headers() -> st.SearchStrategy[dict[str, str]]:
    """What a page of this server sends with a request, and what it does not."""
    others = st.fixed_dictionaries(
        {"CONTENT_TYPE": st.sampled_from(KINDS)},
        optional={
            "CONTENT_LENGTH": st.sampled_from(_LENGTHS),
            "HTTP_HOST": st.sampled_from(_HOSTS),
            "HTTP_ORIGIN": st.sampled_from(_ORIGINS),
            "HTTP_SEC_FETCH_SITE": st.sampled_from(("same-origin", "cross-site", "none", "\xff")),
            "HTTP_COOKIE": st.sampled_from(("", "a", "a=b; " * 500, "\xff=\x00", 'x="\\101')),
            "HTTP_ACCEPT_ENCODING": st.sampled_from(("gzip", "", "gzip;q=0", "\xff")),
            "HTTP_IF_NONE_MATCH": st.sampled_from(('W/"x"', "*", "\xff" * 99)),
            "HTTP_X_FORWARDED_PREFIX": st.sampled_from(("/a", "//evil", "/a\r\nX: y")),
        },
    )
    return st.just(_JSON) | others


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _path(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")


_COMPONENTS = {
    "/get_interpretations": "interpreter",
    "/get_generated": "generator",
    "/get_metrics": "metrics",
}
_OWN_OPTIONS = ("run", "known", "ids", "name", "text", "kind")
_MOST_OPTIONS = 8
_JSON = {"CONTENT_TYPE": "application/json", "HTTP_SEC_FETCH_SITE": "same-origin"}

_DEEP = 100_000
_NUMBERS = (0, 1, -1, 2, 0.5, 1e-9, -0.0, 1e308, 2**31, 2**63, -(2**63), 10**30, 1e9, 3.7)
_REVIVED: tuple[Any, ...] = (
    {"__class__": "np.ndarray", "__value__": [[1], [2, 3]]},
    {"__class__": "np.ndarray"},
    {"__class__": "tuple", "__value__": 1},
    {"__class__": "DataTuple", "__name__": "ClassificationResult", "x": 1},
    {"__class__": "LitType", "__name__": "TextSegment"},
    {"__name__": "CategoryLabel", "vocab": 1},
    {"__name__": "__import__"},
    {"__name__": ["a"]},
    {"__class__": {"__class__": "tuple"}},
)
_TEXTS = (
    *("", " ", "\0", "\0" * 50, "\ud800", "\udfff\ud800", "\U0010ffff", "\u202e", "é" * 30),
    *("a" * 3000, "a " * 1500, "[MASK] [SEP] [CLS]", "<script>alert(1)</script>", "=1+1", "\r\n"),
    *("../../etc/passwd", "/etc/passwd", "%2e%2e%2f", "${jndi:x}", "{0.__class__}", "%s%n"),
    *("__class__", "__name__", "__proto__", "self", "constructor", "1e999", "-" * 40, "NaN"),
)
_OPTIONS = (
    *("model", "dataset_name", "interpreter", "generator", "metrics", "do_predict", "run"),
    *("requested_types", "requested_fields", "response_simple_json", "data", "self", "kw", "fn"),
    *("path", "saved_datapoints_id", "unused_kw", "progress", "config", "", "__class__"),
)
_VALUES = (
    *("", "0", "1", "false", "LitType", "Spec", "MulticlassPreds,LitType", "JsonDict", "__name__"),
    *("classification", "SHAP", "pca", "Ablation", "multiclass", "_union_empty", "None", "type"),
    *("probas,cls,tokens", "token_gradients", ",,,", "attention/layer", "\0", "a" * 5000),
)
_BODIES = (
    *(b"", b"{", b"}", b"null", b"[]", b"{}", b'""', b"0", b"-", b"nul", b"{'a': 1}", b"\xff\xfe"),
    *(
        b"NaN",
        b"[Infinity]",
        b'{"inputs": [NaN]}',
        b"1e999",
        b"-1e999",
        b"1" * 6000,
        b"\xef\xbb\xbf{}",
    ),
    *(b"[" * _DEEP, b'{"a":' * _DEEP, b"[" * _DEEP + b"]" * _DEEP, b'{"inputs":' + b"[" * 900),
    *(b'{"a":' * 900 + b"1" + b"}" * 900, b'{"inputs": ' + b"[" * 400 + b"]" * 400 + b"}"),
    *(b'{"inputs": [], "inputs": 1}', b'{"a": "\\ud800"}', b'{"\\udc00": 1}', b'"\\u0000"'),
    *(b'{"config": {"run": "\\u0000"}}', b'{"inputs": [' + b"1," * 20_000 + b"1]}", b"{} {}"),
    *(b'{"inputs": ["' + b"a" * 200_000 + b'"]}', b"\0", b"[1,]", b'{"a" 1}', b"--x\r\n\r\n"),
)
_LENGTHS = ("", "-1", "1e3", "99999999999", "0x10", "1,1", " 5", "9" * 5000, "\u0662", "0", "3")
_HOSTS = (
    *("127.0.0.1:5380", "localhost", "evil.example", "", "127.0.0.1.evil.example", "[::1]:5380"),
    *(
        "127.0.0.1:5380, evil.example",
        "localhost:99999",
        "\xff",
        "LOCALHOST.",
        "0",
        "user@localhost",
    ),
)
_ORIGINS = ("null", "http://127.0.0.1:5380", "http://evil.example", "", "http://[", "\xff", "*")


def escaped(path: str) -> str:
    """A path as it stands in a request's first line."""
    return quote(path.encode("latin-1", "replace"), safe="/%.;\\")
