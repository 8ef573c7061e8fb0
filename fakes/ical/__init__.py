"""A fake host of iCalendar feeds."""
