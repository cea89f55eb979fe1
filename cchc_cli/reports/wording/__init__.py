"""Words and order shared by all formats: statuses, figures, periods, the description of a report."""
