"""Saves and loads plans, and finds their agencies and names."""
