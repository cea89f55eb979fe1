"""Changes: the log of all commands that wrote, its hash chain, and the sums by month."""
