"""Explanation methods, one a file: each a record, `METHOD`, and its function."""
