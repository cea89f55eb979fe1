"""Tests of cchc_cli/domain/records."""
