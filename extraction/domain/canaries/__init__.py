"""Canaries: a candidate and the serving version on the same documents, and what follows from how they differ."""
