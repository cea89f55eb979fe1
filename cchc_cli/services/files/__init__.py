"""Files that somebody names: opened safely, and plan files read within limits."""
