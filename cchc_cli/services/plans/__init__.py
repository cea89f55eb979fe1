"""Plans: import, listing, names for completion."""
