"""All that knows HTTP and browsers: the page's assets and the server."""
