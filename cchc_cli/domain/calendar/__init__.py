"""Days and periods: the calendar, the parsing of typed dates and periods, recurrence rules."""
