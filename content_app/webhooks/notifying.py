"""Tells people that an endpoint was switched off: by email to the client's contact, and in the log.

In: the endpoint, after the transaction that switched it off. Out: an email, if EMAIL_URL says where to; a mail server
that is away changes nothing else. On the desk, the home shows the endpoint until it is switched on again.
"""

import logging

from django.conf import settings
from django.core.mail import send_mail

from content_app.models.webhooks import WebhookEndpoint

logger = logging.getLogger(__name__)
TEXT = """We have switched off webhooks to this address of “{client}”:

    {url}

Reason: {reason}

We no longer send events to this address. You can read the changes that you have missed at {changes}.
Ask the administrators of the API to switch it on again. They can also resend failed events.
"""


def tell_switched_off(endpoint: WebhookEndpoint) -> None:
    """Say that deliveries to this endpoint have ended, and why."""
    endpoint.refresh_from_db()
    logger.warning("Webhooks to %s have been switched off: %s", endpoint.url, endpoint.disabled_reason)
    text = TEXT.format(
        client=endpoint.client,
        url=endpoint.url,
        reason=endpoint.disabled_reason,
        changes=f"{settings.PUBLIC_URL}/api/v1/changes/",
    )
    try:
        send_mail("Webhook endpoint switched off", text, None, [endpoint.client.contact_email])
    except Exception:
        logger.exception("The email to the contact of “%s” could not be sent.", endpoint.client)
