"""Daily digests: what they contain, when they are due, what to do after a failure."""
