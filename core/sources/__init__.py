"""Booking sources: what each kind of provider answers, as bookings by room and day."""
