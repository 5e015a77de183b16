"""Who may come in: hosts, tokens and cookies, origins, methods and lengths, before any app."""
