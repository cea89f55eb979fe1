"""Files that a user names: opened safely; plan files read within limits."""
