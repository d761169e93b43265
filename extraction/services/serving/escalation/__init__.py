"""Selective escalation: the teacher reads what the student is unsure of, within a budget."""
