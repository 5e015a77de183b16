"""Names of hosts: what a Host header says, and which names mean this machine alone."""

from __future__ import annotations

import ipaddress
import re

from lit_plugins.errors import UserError

_HOST = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})))"
    r"(?::(?P<port>[0-9]{1,5}))?"
)


def parsed_host(header: str) -> tuple[str, int | None] | None:
    """Name and port of a Host header; None if it is no single well-formed host.

    The name is in lower case, without a dot at its end; an IPv6 address has no brackets.
    """
    found = _HOST.fullmatch(header)
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    if port is not None and port > 65535:
        return None
    if found["v6"] is None:
        name = found["name"].lower().removesuffix(".")
        return (name, port) if all(name.split(".")) else None
    try:
        return str(ipaddress.IPv6Address(found["v6"])), port
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    """Whether a name or an address is this machine's own, whoever resolves it."""
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def checked_host(given: str) -> str:
    """A host's exact name or address, as `parsed_host` gives it.

    Raises:
        UserError: it is none, or has a port or a wildcard.
    """
    bare_v6 = given.count(":") > 1 and not given.startswith("[")
    parsed = parsed_host(f"[{given}]" if bare_v6 else given)
    if parsed is None or parsed[1] is not None:
        raise UserError(
            f"The allowed host {given!r} is not one exact name or address; give it without a "
            "wildcard, a port or http://, and one from abroad in its xn-- form."
        )
    return parsed[0]
