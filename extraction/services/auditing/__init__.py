"""Auditing: claims, their receipts, and what is found about them."""
