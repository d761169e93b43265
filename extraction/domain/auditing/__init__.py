"""Auditing: what employees claim, compared with the receipts and with other claims, under a policy.

Values and functions alone; codes and facts, no sentences.
"""
