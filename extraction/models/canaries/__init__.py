"""Endpoints of webhooks, and what goes to them."""
