"""How work runs: in batches, in turns, until nobody waits for it, and each piece once."""
