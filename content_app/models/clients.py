"""Who reads over the API under a name of their own. Reading needs no name; keys and webhooks hang on one."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

KEY_HEADER = "X-Api-Key"  # in which requests bring a key


class ApiClient(models.Model):
    """An application, or the team behind it, that holds API keys and webhook endpoints.

    Switched off with `is_active`, it keeps its rows and loses everything that its name gave it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(
        max_length=120, unique=True, help_text="The name of the application, such as “Pain diary for teens”."
    )
    contact_email = models.EmailField(
        "contact", help_text="We email this address when a webhook endpoint is switched off."
    )
    is_active = models.BooleanField(
        "active",
        default=True,
        help_text="Clear this to switch the client off. Its keys and webhooks stop working immediately.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "API client"

    def __str__(self) -> str:
        return self.name


class ApiKeyManager(BaseAPIKeyManager):
    """Makes keys: 40 random characters, of which a prefix of 8 and a SHA-512 are kept."""

    def assign_key(self, obj: "ApiKey") -> str:
        """A new key for a row that is not stored yet. This is the only time that anybody sees it."""
        key, obj.prefix, obj.hashed_key = self.key_generator.generate()
        return key


class ApiKey(AbstractAPIKey):
    """What a client proves its name with. It raises limits and opens nothing.

    A client may have several, so that one can be replaced while the other still works. Once revoked, always revoked.
    Of its use only the last day is kept.
    """

    id = models.BigAutoField(primary_key=True)  # the library's own holds the hash, and would stand in addresses
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="keys")
    name = models.CharField(
        max_length=50, help_text="What the key is for and when it was created, such as “server, 2026-11”."
    )
    last_used_on = models.DateField("last used", null=True, editable=False)

    objects = ApiKeyManager()

    class Meta:
        ordering = ["client__name", "-created"]
        verbose_name = "API key"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "name"],
                name="api_key_name_is_unique_per_client",
                violation_error_message=(
                    "This client already has, or used to have, a key with this name. Choose a different name."
                ),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self._state.adding and self.has_expired:
            raise ValidationError({"expiry_date": "The expiry date must be in the future."})

    @property
    def state(self) -> str:
        """Whether it works, in a word."""
        if self.revoked:
            return "revoked"
        if self.expiry_date is not None and self.expiry_date <= timezone.now():
            return "expired"
        return "active" if self.client.is_active else "client switched off"
