"""Reports on paper: one outline, rendered as Word, PDF and Markdown."""
