"""Findings: listed, explained, decided, counted, exported."""
