"""Tests of the rules in this process, a module for each of `cchc_cli.domain`: fast, and what `make mutants` runs."""
