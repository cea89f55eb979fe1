"""The database, SQLite or PostgreSQL: the only package that contains SQL."""
