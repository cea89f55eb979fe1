"""Checks of a database: its hash chain, its sums, its schema, its facts."""
