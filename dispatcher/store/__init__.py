"""What must not be lost, through SQLAlchemy Core: the same code on SQLite and PostgreSQL."""
