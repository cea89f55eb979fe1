"""Tests of cchc_cli/domain/language."""
