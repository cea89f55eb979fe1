"""Rows files: what the cells of CSV and XLSX say, row by row."""
