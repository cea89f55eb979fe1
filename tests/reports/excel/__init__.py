"""Tests of cchc_cli/reports/excel."""
