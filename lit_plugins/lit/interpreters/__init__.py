"""What the page's own scripts ask of the server: interpreters that LIT's modules do not show."""
