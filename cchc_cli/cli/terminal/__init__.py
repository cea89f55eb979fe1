"""The terminal: output, prompts, pager, progress."""
