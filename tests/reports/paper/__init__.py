"""Tests of cchc_cli/reports/paper."""
