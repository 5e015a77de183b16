"""Small English word lists of the project's own, and the phenomena that can be told by them."""

from __future__ import annotations
