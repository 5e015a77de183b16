"""Loading of labelled texts from files, the hub or this package; reports rows that are unusable."""

from lit_plugins.data.load import load_table
from lit_plugins.data.readers import READERS, Reader
from lit_plugins.data.rows import Rows
from lit_plugins.data.sources import SHORT_NAMES
from lit_plugins.data.table import Cell, Kind, LoadReport, TextTable

__all__ = [
    "READERS",
    "SHORT_NAMES",
    "Cell",
    "Kind",
    "LoadReport",
    "Reader",
    "Rows",
    "TextTable",
    "load_table",
]
