"""Tests of cchc_cli/storage."""
