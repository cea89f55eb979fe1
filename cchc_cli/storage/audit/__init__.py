"""Checks of a database for `verify`, and facts about it for the health check."""
