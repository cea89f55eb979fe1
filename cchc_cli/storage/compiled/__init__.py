"""Statements made from `cchc_cli.storage.statements` by `make statements`; not written by hand."""
