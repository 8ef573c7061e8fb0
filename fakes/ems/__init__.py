"""A fake EMS web app with fault injection."""
