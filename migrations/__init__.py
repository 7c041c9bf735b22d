"""The history of the database schema; `alembic upgrade head` brings a database up to date."""
