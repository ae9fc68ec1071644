"""Django's sessions, people and messages, at the desk alone.

In: every request. Out: at the addresses in `DESK_ADDRESSES` the same as Django's own middlewares; elsewhere nothing, as
readers have no session: to find that out was a good part of what each of their requests cost.
"""

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from content_app.delivery.http.problems import note_fault


class AtTheDesk:
    """Passes over every request that is not for the desk."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.DESK_ADDRESSES):
            return super().__call__(request)
        return self.get_response(request)


class DeskSessions(AtTheDesk, SessionMiddleware):
    pass


class DeskPeople(AtTheDesk, AuthenticationMiddleware):
    pass


class DeskMessages(AtTheDesk, MessageMiddleware):
    pass


class DeskBusy:
    """What was sent while the database was locked or away is refused by a page that leads back to it.

    The page itself keeps what was typed (`kept.js`), so nothing of it has to come back from here.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_sent = request.method == "POST" and request.path_info.startswith(settings.DESK_ADDRESSES)
        if not is_sent or not isinstance(exception, OperationalError | InterfaceError):
            return None
        note_fault(exception)
        response = render(request, "admin/content_app/busy.html", status=503)
        response["Retry-After"] = "5"
        return response
