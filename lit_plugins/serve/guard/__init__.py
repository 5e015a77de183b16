"""Checks of every request before the app: host, token or cookie, origin, method and length."""
