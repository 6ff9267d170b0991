"""The clock of the database: one for all workers and machines."""

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone


def now():
    """The present instant by the database's clock, aware, in UTC."""
    if connection.vendor == "sqlite":
        return timezone.now()  # the database is this very process
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        value = cursor.fetchone()[0]
    return value.astimezone(UTC) if isinstance(value, datetime) else value
