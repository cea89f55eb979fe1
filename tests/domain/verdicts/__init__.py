"""Tests of cchc_cli/domain/verdicts."""
