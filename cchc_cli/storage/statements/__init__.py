"""The statements of all commands, written once for both databases with SQLAlchemy.

Each entity has a module. `make statements` compiles its constants into `cchc_cli.storage.compiled`, so that a command
runs them without loading SQLAlchemy. Lists are passed as JSON, so that the text of a statement does not depend on their
length.
"""
