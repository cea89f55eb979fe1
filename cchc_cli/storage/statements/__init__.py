"""Every statement of the commands, written once over the tables for both databases.

A module an entity; its constants are compiled into `cchc_cli.storage.compiled` by `make statements`,
so that a command runs them without loading what made them. Lists go in as JSON: a statement's text
does not depend on how many members there are.
"""
