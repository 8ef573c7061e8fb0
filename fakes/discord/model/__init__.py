"""What exists in the fake Discord, and how Discord writes it in JSON."""
