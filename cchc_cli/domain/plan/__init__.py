"""A plan as data: the model, the reading of a plan file, the comparison of two plans."""
