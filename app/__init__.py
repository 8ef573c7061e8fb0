"""The process: what it is built of, its client and its connection to Discord."""
