"""Drawings of an explanation: in a notebook, in a terminal and as a chart, in the same colours."""
