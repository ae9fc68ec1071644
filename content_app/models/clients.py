"""Who reads over the API under a name of their own. Reading needs no name; keys and webhooks hang on one."""

import uuid

from django.db import models


class ApiClient(models.Model):
    """An application, or the team behind it, that holds API keys and webhook endpoints.

    Switched off with `is_active`, it keeps its rows and loses everything that its name gave it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120, unique=True, help_text="The application, such as “Pain diary for teens”.")
    contact_email = models.EmailField("contact", help_text="Who is told when a key or an endpoint stops working.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch it off instead of deleting it: its keys and webhooks stop at once."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "API client"

    def __str__(self) -> str:
        return self.name
