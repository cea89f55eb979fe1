"""Questions: resolved once, then answered from what the database counts."""
