"""Tests of cchc_cli/domain/wording."""
