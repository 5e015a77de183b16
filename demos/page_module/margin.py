"""What pyproject.toml names as an entry point: the page's module that margin.js defines."""

from pathlib import Path

from lit_plugins.lit.page_modules import PageModule

MODULE = PageModule("margin-module", Path(__file__).with_name("margin.js"), tab="Predictions")
