"""Says loudly, whenever the server or the worker starts, that webhooks go anywhere."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security)
def webhooks_are_safe(app_configs, **kwargs) -> list[Warning]:
    """A warning while WEBHOOKS_ALLOW_INSECURE is on."""
    if not settings.WEBHOOKS_ALLOW_INSECURE:
        return []
    told = "WEBHOOKS_ALLOW_INSECURE is on, so webhooks can use plain HTTP and private network addresses."
    return [Warning(told, hint="Only use this setting for tests on your own machine.", id="webhooks.W001")]
