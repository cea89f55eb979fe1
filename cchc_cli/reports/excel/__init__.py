"""Reports as an Excel workbook."""
