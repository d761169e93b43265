"""TOML and JSON from callers, checked in one pass before a parser sees them: see `texts`."""
