"""Receipts as checks take them, from the answers for a document's fields and its words."""
