"""Backups: one archive of the database and of every file that its rows name, and the way back."""
