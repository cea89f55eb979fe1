"""Plans in tables: saving, loading, and finding their agencies and names."""
