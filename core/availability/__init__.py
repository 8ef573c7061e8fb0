"""Availability: what is free, busy, closed or unknown, computed from snapshots alone."""
