"""Tests of cchc_cli/reports/wording."""
