"""What was found, put into a form: each function takes a result and gives text; none asks the database."""
