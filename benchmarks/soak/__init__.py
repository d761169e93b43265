"""Soak: an installation under load whose processes are killed, and what is lost, doubled, stuck or left over then."""
