"""What is kept for how long, and how models forget what was deleted."""
