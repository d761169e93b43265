"""Selective escalation: which documents the teacher reads beside the student, and what follows from both answers."""
