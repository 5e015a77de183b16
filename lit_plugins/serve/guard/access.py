"""Who may open the page, and by which names of the host."""

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
    """Who may come in.

    Attributes:
        token: what lets one in; None for whoever is on this machine, and nobody else.
        allowed_hosts: exact names or addresses that the page may be opened by, beside those of
            this machine alone.
        frame_ancestors: origins such as https://notebooks.example.org whose pages may show this
            one in a frame, or self.
        tls: whether the page is reached by https, be it that another server ends it.

    Raises:
        UserError: hosts are named without a token, or one of these is malformed.
    """

    token: str | None = field(default=None, repr=False)  # what is shown may be logged
    allowed_hosts: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    tls: bool = False

    def __post_init__(self) -> None:
        if self.token is not None:
            checked_token(self.token, "The token")
        elif self.allowed_hosts:
            raise UserError(
                f"The allowed host {self.allowed_hosts[0]!r} needs a token, "
                f"for others can reach it; give one, or set {TOKEN_VARIABLE}."
            )
        hosts = tuple(checked_host(host) for host in self.allowed_hosts)
        object.__setattr__(self, "allowed_hosts", hosts)
        ancestors = tuple(_checked_ancestor(each) for each in self.frame_ancestors)
        object.__setattr__(self, "frame_ancestors", ancestors)

    def allows(self, name: str) -> bool:
        """Whether the page may be opened by a host's name, as `parsed_host` gives it."""
        return is_loopback(name) or name in self.allowed_hosts

    def check_address(self, address: str) -> None:
        """Passes an address to serve on that nobody but those meant can reach.

        Raises:
            UserError: other machines reach it, and no hosts are named.
        """
        if not is_loopback(address) and not self.allowed_hosts:
            raise UserError(
                f"Other machines can reach {address}; name the hosts that they open the page by "
                "with --allowed-host, or serve on 127.0.0.1."
            )

    def address(self, host: str, port: int, prefix: str = "") -> str:
        """What to open the page by, with the token if there is one.

        Args:
            host: the address that is served on.
            port: its port.
            prefix: the path below which another server shows the page.
        """
        token = "" if self.token is None else f"?token={quote(self.token, safe='')}"
        if self.tls and self.allowed_hosts:  # another server's port, then
            return f"https://{_in_address(self.allowed_hosts[0])}{prefix}/{token}"
        if not is_loopback(host):
            host = self.allowed_hosts[0]
        return f"http://{_in_address(host)}:{port}{prefix}/{token}"


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _checked_ancestor(given: str) -> str:
    if given in ("self", _SELF):
        return _SELF
    found = re.fullmatch(r"(https?)://([^/]+?)(:\*)?/?", given)
    parsed = parsed_host(found[2]) if found else None
    # Any port of this machine, where notebooks have theirs; of no other.
    if not (found and parsed) or (found[3] and (parsed[1] or not is_loopback(parsed[0]))):
        raise UserError(
            f"The frame ancestor {given!r} is no origin; give one such as "
            "https://notebooks.example.org, or self."
        )
    return f"{found[1]}://{found[2].lower()}{found[3] or ''}"
