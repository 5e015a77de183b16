"""LIT metrics: the tables of the page."""
