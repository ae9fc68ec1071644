"""Fields that need more than Django's own. In: options of Django's. Out: columns of either database."""

from django.db import models


class CodePointField(models.CharField):
    """Text in the order of its code points on every database: PostgreSQL is told so, SQLite does it anyway."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        return parameters | ({"collation": "C"} if connection.vendor == "postgresql" else {})
