"""Small English word lists, written for this project, and the phenomena that they detect."""

from __future__ import annotations
