"""A fake 25Live with fault injection."""
