"""Turns a plan for communicating administrative reform into checks: who did what, who owes what."""

__version__ = "0.1.0"
