"""The media types that this API answers in, for content negotiation and for OpenAPI.

Views hand out bytes; a renderer names the type that they are in. `ByWeight` chooses between them.
"""

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.renderers import JSONRenderer as RestFrameworkJSONRenderer

from content_app.delivery.http import negotiation


class JSONRenderer(RestFrameworkJSONRenderer):
    """UTF-8 JSON, as compact as the stored documents. Views hand out bytes; this one renders the rest."""

    compact = True
    ensure_ascii = False
    charset = None


def named(media: str, suffix: str) -> type[BaseRenderer]:
    """A renderer that stands for a media type; the view hands out the bytes."""
    members = {"media_type": media, "format": suffix, "charset": None}
    return type(f"{suffix.title()}Renderer", (BaseRenderer,), members)


def is_a_file(renderers: list[BaseRenderer]) -> bool:
    """Whether an address has one form only, and not JSON of ours: a feed, an export, a text."""
    return len(renderers) == 1 and renderers[0].media_type != JSONRenderer.media_type


class ByWeight(BaseContentNegotiation):
    """Chooses among a view's renderers as RFC 9110 says. Raises NotAcceptable."""

    def select_parser(self, request, parsers):
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request, renderers, format_suffix=None):
        media_type = negotiation.chosen(
            request.META.get("HTTP_ACCEPT"), tuple(renderer.media_type for renderer in renderers)
        )
        if media_type is None and is_a_file(renderers):
            media_type = renderers[0].media_type  # whoever follows a link to a file has chosen (RFC 9110, 12.4.1)
        if media_type is None:
            raise NotAcceptable(available_renderers=renderers)
        return next(renderer for renderer in renderers if renderer.media_type == media_type), media_type
