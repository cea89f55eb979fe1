"""Limits of every kind of rows file."""

from __future__ import annotations

MOST_COLUMNS = 64
"""A row of a file has at most so many cells."""
