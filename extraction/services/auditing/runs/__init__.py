"""Audit runs: all checks of a policy over all claims, frozen so that they can be repeated."""
