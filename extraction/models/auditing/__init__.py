"""Rows of auditing: claims, and what is found about them."""
