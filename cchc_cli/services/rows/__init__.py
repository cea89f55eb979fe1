"""Rows of files: each a draft, checked in batches, and all recorded or none."""
