"""Flags that control who may open the page."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.tokens import TOKEN_VARIABLE, given_token, new_token


def add_access_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags that `access_of` reads."""
    add = parser.add_argument
    add(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="an exact host name or address by which other machines open the page; may be "
        "repeated. The page then requires a token, which is part of the printed address",
    )
    add(
        "--token-file",
        type=Path,
        metavar="FILE",
        help="a file with the token, readable by you alone (default: the environment variable "
        f"{TOKEN_VARIABLE}; without it, a new token if there are allowed hosts)",
    )
    add(
        "--frame-ancestor",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="the origin of pages that may show this page in a frame, such as "
        "https://notebooks.example.org or self; may be repeated (default: none)",
    )
    add(
        "--tls",
        action="store_true",
        help="browsers reach the page by https, through a proxy that handles TLS",
    )


def access_of(options: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Access:
    """Reads from the flags and the environment who may open the page.

    Args:
        options: the parsed flags.
        environment: environment variables by name.

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
