"""Every word and layout that a member reads: pure functions from values to components."""
