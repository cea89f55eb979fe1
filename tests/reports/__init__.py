"""Tests of what reports render."""
