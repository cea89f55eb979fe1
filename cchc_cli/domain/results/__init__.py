"""Results of the services, which the reports show. They are here so that neither imports the other."""
