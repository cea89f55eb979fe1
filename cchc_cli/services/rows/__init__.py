"""Rows files: reading CSV and XLSX, and recording all rows or none."""
