"""Canaries, and the documents that both of their versions answer."""
