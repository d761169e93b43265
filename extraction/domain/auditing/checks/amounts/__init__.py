"""Checks of the amount: what was claimed beside what the receipt says was to pay."""
