"""One module a use; everything a command does, callable from Python."""
