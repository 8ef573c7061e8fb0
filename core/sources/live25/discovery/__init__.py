"""Discovery of a 25Live instance: its public lists and the strategy that reads it."""
