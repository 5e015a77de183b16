"""LIT metrics, which the page shows as tables."""
