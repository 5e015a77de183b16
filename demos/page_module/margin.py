"""The entry point of the page module that margin.js defines; pyproject.toml names it."""

from pathlib import Path

from lit_plugins.lit.page_modules import PageModule

MODULE = PageModule("margin-module", Path(__file__).with_name("margin.js"), tab="Predictions")
