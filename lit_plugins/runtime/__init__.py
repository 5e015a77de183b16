"""How work runs: in batches, in turns, only while somebody waits for it, and each piece once."""
