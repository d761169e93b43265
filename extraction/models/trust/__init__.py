"""Rows from which the pages about trust are made."""
