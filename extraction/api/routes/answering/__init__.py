"""Calls about what callers are answered: by batches, canaries and with the teacher beside the student."""
