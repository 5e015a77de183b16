"""The proxies' files of demos/deploy, run by the real proxies in front of small servers."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from lit_plugins.runtime import cancellation
from lit_plugins.serve import server
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.headers import secured
from lit_plugins.serve.guard.layer import guarded
from lit_plugins.serve.health import with_health
from lit_plugins.serve.prefix import with_prefix
from lit_plugins.serve.responses import answer, not_found
from tests.raw import Answer, read, request
from tests.serving import queued, serve_in_thread

ROOT = Path(__file__).parents[4]
FILES = ROOT / "demos/deploy"
NAMES = ("lit.example.org", "tools.example.org", "other.example.org")
API = ("/get_preds", "/slow")
WAIT_S = 60


class Backend:
    """A server whose pages and API say what reached them, behind the guard that all servers have.

    Attributes:
        port: its port.
        seen: the environ of every request that got through.
        stopped: how many requests were stopped because their client had gone.
    """

    def __init__(self, access: Access, prefix: str = ""):
        self.seen: list[dict[str, Any]] = []
        self.stopped = 0
        inside = with_health(guarded(queued(self._app), access, api=API))
        app = secured(with_prefix(inside, prefix, outside=with_health(not_found)))
        self.port = urlsplit(serve_in_thread(app, access)).port

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.seen.append(environ)
        if environ["PATH_INFO"] == "/slow":
            try:
                while True:
                    cancellation.check()
                    time.sleep(0.01)
            except cancellation.Stopped:
                self.stopped += 1
                raise
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = f"{environ['PATH_INFO']} {len(environ['wsgi.input'].read(length))}"
        return answer(environ, start_response, 200, body.encode("latin-1"), "text/plain")


class Proxy:
    """A proxy in a process of its own, with a certificate made for it.

    Attributes:
        port: where it ends TLS.
        log: all that it has logged.
    """

    def __init__(self, name: str, folder: Path, backends: tuple[int, int, int]):
        """Starts it with the file of demos/deploy.

        Args:
            name: nginx or caddy.
            folder: where all its files lie.
            backends: the ports of the servers that the file calls 5380, 5381 and 5382.
        """
        with server.bind("127.0.0.1", 0) as bound:
            self.port = bound.getsockname()[1]
        self._folder = folder
        _make_certificate(folder)
        command = {"nginx": self._nginx, "caddy": self._caddy}[name](backends)
        program = found(name)
        with (folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                [program, *command],
                env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
                stdout=log,
                stderr=log,
            )
        ends = time.monotonic() + WAIT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                assert time.monotonic() < ends, self.log
                assert self._process.poll() is None, self.log
                time.sleep(0.02)

    def _nginx(self, backends: tuple[int, int, int]) -> list[str]:
        text = _with_ports((FILES / "nginx.conf").read_text(), backends)
        text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        text = text.replace("/etc/ssl/lit.example.org", str(self._folder / "certificate"))
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{kind}_temp_path {self._folder / kind};\n" for kind in kinds)
        main = self._folder / "nginx.conf"
        main.write_text(
            # Otherwise root's workers could not write into root's folders.
            f"{'user root;' if os.geteuid() == 0 else ''}\n"
            f"daemon off;\nworker_processes 1;\npid {self._folder / 'pid'};\nerror_log stderr;\n"
            f"events {{ }}\nhttp {{\naccess_log /dev/stderr;\n{paths}{text}}}\n"
        )
        return ["-c", str(main), "-e", "stderr"]

    def _caddy(self, backends: tuple[int, int, int]) -> list[str]:
        text = _with_ports((FILES / "Caddyfile").read_text(), backends)
        own = "admin off\nauto_https disable_redirects\ndefault_bind 127.0.0.1\n"
        text = text.replace("{\n", "{\n" + own, 1)
        certificate = self._folder / "certificate"
        for name in NAMES:
            tls = f"tls {certificate}.pem {certificate}.key"
            text = text.replace(f"{name} {{\n", f"{name}:{self.port} {{\n{tls}\n")
        main = self._folder / "Caddyfile"
        main.write_text(text)
        return ["run", "--adapter", "caddyfile", "--config", str(main)]

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text()

    def connect(self, name: str = NAMES[0]) -> ssl.SSLSocket:
        """A connection whose certificate is checked for a name."""
        context = ssl.create_default_context(cafile=self._folder / "certificate.pem")
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S)
        return context.wrap_socket(plain, server_hostname=name)

    def ask(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        name: str = NAMES[0],
    ) -> Answer:
        """A request with a right Host header, unless the headers name one."""
        return self.send(request(method, target, {"Host": name, **(headers or {})}, body), name)

    def send(self, sent: bytes, name: str = NAMES[0]) -> Answer:
        with self.connect(name) as client:
            client.sendall(sent)
            return read(client)

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def found(name: str) -> str:
    """The program; its tests are skipped without it, but for those on a machine that tests all."""
    own = ROOT / ".venv/proxies"
    folders = (os.environ["PATH"], "/usr/sbin", str(own / "usr/sbin"), str(own / "usr/bin"))
    program = shutil.which(name, path=os.pathsep.join(folders))
    if program is None and os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and .ci/proxies has not brought it.")
    if program is None:
        pytest.skip(f"{name} is not installed")
    return program


def _with_ports(text: str, backends: tuple[int, int, int]) -> str:
    return re.sub(r"127\.0\.0\.1:538([012])", lambda to: f"127.0.0.1:{backends[int(to[1])]}", text)


def _make_certificate(folder: Path) -> None:
    names = ",".join(f"DNS:{name}" for name in NAMES)
    made = ["-keyout", str(folder / "certificate.key"), "-out", str(folder / "certificate.pem")]
    subprocess.run(
        [
            *(
                found("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ),
            *("-nodes", "-days", "2", "-subj", "/CN=test", "-addext", f"subjectAltName={names}"),
            *made,
        ],
        check=True,
        capture_output=True,
    )
