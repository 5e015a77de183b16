"""LIT interpreters, which compute what the page's modules show for one model and some examples."""
