"""Values that every part shares: intervals, campuses, bookings, refresh attempts, digests."""
