"""Checks of what a policy allows."""
