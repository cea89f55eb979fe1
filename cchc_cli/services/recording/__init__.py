"""Recording: from a typed draft to a record, its corrections, and waivers."""
