"""Lookup: campuses, buildings, rooms, dates and times from typed text."""
