"""Rules on who may open the page, and by which host names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from lit_plugins.errors import UserError
from lit_plugins.serve.guard.hosts import checked_host, is_loopback, parsed_host
from lit_plugins.serve.guard.tokens import TOKEN_VARIABLE, checked_token

_SELF = "'self'"


@dataclass(frozen=True)
class Access:
    """Rules on who may open the page.

    Attributes:
        token: the secret that lets a visitor in; None admits everybody on this machine, and nobody
            else.
        allowed_hosts: exact host names or addresses by which the page may be opened, besides
            those that mean this machine alone.
        frame_ancestors: origins whose pages may show this one in a frame, such as
            https://notebooks.example.org; or self.
        tls: whether browsers reach the page by https, directly or through another server.

    Raises:
        UserError: hosts are named without a token, or one of these attributes is malformed.
    """

    token: str | None = field(default=None, repr=False)  # reprs may end up in logs
    allowed_hosts: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    tls: bool = False

    def __post_init__(self) -> None:
        if self.token is not None:
            checked_token(self.token, "The token")
        elif self.allowed_hosts:
            raise UserError(
                f"The allowed host {self.allowed_hosts[0]!r} needs a token, "
                f"since others can reach it; give one, or set {TOKEN_VARIABLE}."
            )
        hosts = tuple(checked_host(host) for host in self.allowed_hosts)
        object.__setattr__(self, "allowed_hosts", hosts)
        ancestors = tuple(_checked_ancestor(origin) for origin in self.frame_ancestors)
        object.__setattr__(self, "frame_ancestors", ancestors)

    def allows(self, name: str) -> bool:
        """Tells whether the page may be opened by a host name, in the form of `parsed_host`."""
        return is_loopback(name) or name in self.allowed_hosts

    def check_address(self, address: str) -> None:
        """Checks that only the intended machines can reach the address to serve on.

        Raises:
            UserError: other machines can reach it, and no hosts are named.
        """
        if not is_loopback(address) and not self.allowed_hosts:
            raise UserError(
                f"Other machines can reach {address}; name the hosts that they open the page by "
                "with --allowed-host, or serve on 127.0.0.1."
            )

    def address(self, host: str, port: int, prefix: str = "") -> str:
        """Returns the URL to open the page by, including the token if there is one.

        Args:
            host: the address that the server is bound to.
            port: its port.
            prefix: the path below which another server shows the page.
        """
        token = "" if self.token is None else f"?token={quote(self.token, safe='')}"
        if self.tls and self.allowed_hosts:  # a server in front ends TLS, on its own port
            return f"https://{_in_address(self.allowed_hosts[0])}{prefix}/{token}"
        if not is_loopback(host):
            host = self.allowed_hosts[0]
        return f"http://{_in_address(host)}:{port}{prefix}/{token}"


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _checked_ancestor(origin: str) -> str:
    if origin in ("self", _SELF):
        return _SELF
    match = re.fullmatch(r"(https?)://([^/]+?)(:\*)?/?", origin)
    host = parsed_host(match[2]) if match else None
    # The wildcard port is allowed on this machine only, where notebooks choose their ports freely.
    if not (match and host) or (match[3] and (host[1] or not is_loopback(host[0]))):
        raise UserError(
            f"The frame ancestor {origin!r} is not an origin; give one such as "
            "https://notebooks.example.org, or self."
        )
    return f"{match[1]}://{match[2].lower()}{match[3] or ''}"
