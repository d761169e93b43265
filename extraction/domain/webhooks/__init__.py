"""Webhooks as values: payloads, signatures, waits between attempts, and what came of one."""
