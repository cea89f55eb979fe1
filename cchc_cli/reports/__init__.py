"""Renders results of services as text or bytes; one sub-package a format. No module reads the database."""
