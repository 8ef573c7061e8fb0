"""Answers of 25Live instances that nobody has: generated, in the wire format of recorded ones."""
