"""Occupancy trends: samples every five minutes and what they show."""
