"""Host names: parsing of Host headers, and the names that mean this machine alone."""

from __future__ import annotations

import ipaddress
import re

from lit_plugins.errors import UserError

_HOST = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})))"
    r"(?::(?P<port>[0-9]{1,5}))?"
)


def parsed_host(header: str) -> tuple[str, int | None] | None:
    """Returns name and port of a Host header; None unless it is a single, well-formed host.

    The name is in lower case, without a final dot; an IPv6 address has no brackets.
    """
    match = _HOST.fullmatch(header)
    if match is None:
        return None
    port = int(match["port"]) if match["port"] else None
    if port is not None and port > 65535:
        return None
    if match["v6"] is None:
        name = match["name"].lower().removesuffix(".")
        return (name, port) if all(name.split(".")) else None
    try:
        return str(ipaddress.IPv6Address(match["v6"])), port
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    """Tells whether a host name or address means this machine wherever it is resolved."""
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def checked_host(host: str) -> str:
    """Returns an exact host name or address in the form of `parsed_host`.

    Raises:
        UserError: the host is malformed, or has a port or a wildcard.
    """
    bare_v6 = host.count(":") > 1 and not host.startswith("[")
    parsed = parsed_host(f"[{host}]" if bare_v6 else host)
    if parsed is None or parsed[1] is not None:
        raise UserError(
            f"The allowed host {host!r} is not one exact name or address; give it without a "
            "wildcard, a port or http://, and a name beyond ASCII in its xn-- form."
        )
    return parsed[0]
