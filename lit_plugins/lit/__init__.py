"""All that knows LIT: its models, datasets, interpreters, generators, layouts and app."""
