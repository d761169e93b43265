"""Checks of the receipt itself: whether there is one, whether it can be read, and whether it adds up."""
