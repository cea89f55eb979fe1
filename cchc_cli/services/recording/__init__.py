"""Recording: from what an officer types to a record, and its corrections."""
