"""Tests of cchc_cli/domain/calendar."""
