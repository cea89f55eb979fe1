"""Plans: importing a plan, listing plans, names for completion."""
