"""Opening a database, and bringing it to the schema of this program."""
