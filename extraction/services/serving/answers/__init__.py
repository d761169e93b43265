"""Answers to programs once they are stored: listed and shown."""
