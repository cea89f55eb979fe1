"""Reports on paper: one outline, drawn as Word, PDF and Markdown."""
