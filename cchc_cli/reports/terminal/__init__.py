"""Answers in a terminal: tables and lines."""
