"""What is due as a calendar file."""
