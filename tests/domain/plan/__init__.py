"""Tests of cchc_cli/domain/plan."""
