"""Questions: read once, then answered from what the database counts."""
