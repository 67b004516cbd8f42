"""Errors of the storage package.

DatabaseUnavailable     the database cannot be reached, or is locked for too long (SQLAlchemy's OperationalError)
"""

from sqlalchemy.exc import OperationalError as DatabaseUnavailable

__all__ = ["DatabaseUnavailable"]
