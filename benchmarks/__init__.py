"""What the bot costs, as ratios to floors that are measured in the same run.

`measuring` compares a work with its floor, `report` prints; every other module is one
benchmark with an `async def measure(plan)` that returns its comparisons.
"""
