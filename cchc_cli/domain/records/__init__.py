"""Records: executions, evidence, waivers, and the hash chain over them."""
