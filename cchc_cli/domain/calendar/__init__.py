"""Days and periods: the calendar, what people type for it, recurrence rules."""
