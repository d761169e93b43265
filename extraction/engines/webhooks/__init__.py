"""Requests of webhooks, sent to no address that was not checked."""
