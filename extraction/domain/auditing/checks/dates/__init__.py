"""Checks of the day."""
