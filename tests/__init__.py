"""Tests: the installed program, real files, real databases, and a naive second reading of the rules."""
