"""What the tests, the benchmarks and a curious visitor run the bot in: a Discord of their own."""
