"""Leads an address without its last slash to the one with it.

In: a request. Out: 308, which keeps the method and the body: clients turn a POST that is answered 301 into a GET
(RFC 9110, section 15.4.2).
"""

from django.http import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class Lasting(HttpResponsePermanentRedirect):
    """308 (RFC 9110, section 15.4.9)."""

    status_code = 308


class AddSlash(CommonMiddleware):
    """Django's own, with the other status."""

    response_redirect_class = Lasting
