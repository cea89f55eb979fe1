"""Tests of cchc_cli/reports/web."""
