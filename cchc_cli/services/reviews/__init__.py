"""Reviews: closing them, comparing with a closing, and the report of a window."""
