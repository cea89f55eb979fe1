"""Use cases: everything that a command does, callable from Python."""
