"""The daily digest: its commands, its loop, its publisher and its view of channels."""
