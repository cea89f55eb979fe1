"""The rules: who owes what, what the value is, what the verdict is, what is still due."""
