"""The schema: tables, column types, revisions, and the runner of Alembic."""
