"""The words that all formats share: statuses, figures, periods, what a report says of itself."""
