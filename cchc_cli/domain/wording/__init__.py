"""Parts of a plan in words: names in place of codes, requirements, recurrence rules."""
