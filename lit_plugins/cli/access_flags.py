"""The flags of who may open the page."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.tokens import TOKEN_VARIABLE, given_token, new_token


def add_access_flags(parser: argparse.ArgumentParser) -> None:
    """The flags that `access_of` reads."""
    add = parser.add_argument
    add(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="an exact name or address that others open the page by; may be given again. They "
        "need a token, which is in the address that is printed",
    )
    add(
        "--token-file",
        type=Path,
        metavar="FILE",
        help="a file with the token, which nobody else may read (default: the environment "
        f"variable {TOKEN_VARIABLE}; else, where hosts are allowed, a new token)",
    )
    add(
        "--frame-ancestor",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="whose pages may show this one in a frame, such as https://notebooks.example.org or "
        "self; may be given again (default: nobody's)",
    )
    add(
        "--tls",
        action="store_true",
        help="the page is reached by https, with another server in front that ends it",
    )


def access_of(options: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Access:
    """Who may open the page, by the flags and the environment.

    Raises:
        UserError: the token or a host is malformed.
    """
    token = given_token(options.token_file, environment)
    return Access(
        token=new_token() if token is None and options.allowed_host else token,
        allowed_hosts=tuple(options.allowed_host),
        frame_ancestors=tuple(options.frame_ancestor),
        tls=options.tls,
    )
