"""The rules: obligations, values, verdicts, counts of findings, and what is still due."""
