"""Checks of claims that are made twice, found by indexes, so that no pair is compared that has nothing in common."""
