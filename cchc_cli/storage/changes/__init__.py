"""Changes: the transaction log, its hash chain, and the sums that each change keeps."""
