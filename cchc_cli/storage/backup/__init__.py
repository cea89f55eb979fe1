"""Backups: writing and restoring them, and the backup before a migration."""
