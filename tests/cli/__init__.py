"""Tests of cchc_cli/cli."""
