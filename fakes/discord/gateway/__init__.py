"""Discord's gateway: sessions, events, heartbeats, resumes."""
