"""Checks: what is compared, one kind a module."""
