"""A plan as data: the model, the reader of a plan file, the comparison of two plans."""
