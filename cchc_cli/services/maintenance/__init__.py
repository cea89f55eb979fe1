"""Maintenance: backup, health check, verification, settings."""
