"""Limits of every kind of rows file."""

from __future__ import annotations

MOST_COLUMNS = 64
"""A row of a file has at most so many columns with a heading."""

WIDEST = 256
"""A cell of a workbook further right than so many columns counts as one beside the table."""

MOST_ROWS = 1_048_576
"""A sheet has at most so many rows."""

LARGEST_SHEET = 256 * 1024 * 1024
LARGEST_STRINGS = 8 * 1024 * 1024
LARGEST_PART = 2 * 1024 * 1024
"""Bytes that the parts of an XLSX file may unpack to: a sheet, the table of strings, the other parts."""
LARGEST_ROW = 1024 * 1024
"""Bytes of the XML of one row, at most."""
LARGEST_RATIO = 200
ALWAYS_ALLOWED = 1024 * 1024
"""A part that unpacks to so much may have any ratio of its size to its packed size."""
MOST_MERGED = 100_000
"""So many merged ranges of a sheet are held in memory, at most."""
DEEPEST = 32
"""Elements are nested so deep at most; those of a sheet are not nested deeper than ten."""
