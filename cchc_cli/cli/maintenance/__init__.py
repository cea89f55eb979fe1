"""Commands that keep the database and the settings."""
