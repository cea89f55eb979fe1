"""Commands that ask: status, due, explain, history, reviews, reports."""
