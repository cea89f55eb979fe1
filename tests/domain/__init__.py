"""Fast tests of the rules in this process, a module for each of `cchc_cli.domain`; `make mutants` runs them."""
