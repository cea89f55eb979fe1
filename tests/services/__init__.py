"""Tests of cchc_cli/services."""
