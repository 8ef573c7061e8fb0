"""What Discord refuses beyond what its schema says."""
