"""The database: engine, sessions, base table, audit log and migrations."""
