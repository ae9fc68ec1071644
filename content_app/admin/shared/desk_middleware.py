"""Django's sessions, people and messages, at the desk alone.

In: every request. Out: at the addresses in `DESK_ADDRESSES` the same as Django's own middlewares; elsewhere nothing, as
readers have no session: to find that out was a good part of what each of their requests cost.
"""

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


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
