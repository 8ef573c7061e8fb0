"""Servers that stand in for Discord, 25Live and iCalendar hosts, for the demo and the tests."""
