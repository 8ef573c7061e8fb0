"""Images that go with replies: cached, rendered off the event loop."""
