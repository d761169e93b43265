"""How probably labels are right, and what follows from it."""
