"""LIT interpreters: what the page's modules ask of one model and some examples."""
