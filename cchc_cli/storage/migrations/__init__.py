"""Opens a database, and migrates it to the schema of this program."""
