"""Calls about claims and what is found about them."""
