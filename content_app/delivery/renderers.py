"""The media types that this API answers in, for content negotiation and for OpenAPI."""

from rest_framework.renderers import JSONRenderer as RestFrameworkJSONRenderer


class JSONRenderer(RestFrameworkJSONRenderer):
    """UTF-8 JSON, as compact as the stored documents. Views hand out bytes; this one renders the rest."""

    compact = True
    ensure_ascii = False
    charset = None
