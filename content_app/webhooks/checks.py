"""Says loudly, whenever the server or the worker starts, that webhooks go anywhere."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security)
def webhooks_are_safe(app_configs, **kwargs) -> list[Warning]:
    """A warning while WEBHOOKS_ALLOW_INSECURE is on."""
    if not settings.WEBHOOKS_ALLOW_INSECURE:
        return []
    told = "WEBHOOKS_ALLOW_INSECURE is on: webhooks are sent over plain HTTP and to addresses of private networks."
    return [
        Warning(told, hint="For trials on your own machine only. Leave it out everywhere else.", id="webhooks.W001")
    ]
