"""Campus data: memory, Redis and source, and who refreshes when."""
