"""Retention, deletion and forgetting."""
