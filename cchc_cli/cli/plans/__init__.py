"""Commands about plans and their agencies."""
