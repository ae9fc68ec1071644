"""The Content-Security-Policy of every answer, put together once.

In: `CONTENT_SECURITY_POLICY`. Out: the header. An answer whose view or page has a policy or a nonce of its own gets
that, from django-csp, which would put together all the others anew for each answer too.
"""

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class OnePolicyMiddleware(CSPMiddleware):
    """django-csp's middleware, with the usual policy kept."""

    def __init__(self, get_response):
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        has_own = getattr(request, "_csp_nonce", None) or any(name.startswith("_csp") for name in vars(response))
        if has_own or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
