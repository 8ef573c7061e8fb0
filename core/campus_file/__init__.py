"""Campus files: TOML in, a validated `Campus` out."""
