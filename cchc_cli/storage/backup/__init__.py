"""Backups: copies of a database, restoring them, and the copy before a migration."""
