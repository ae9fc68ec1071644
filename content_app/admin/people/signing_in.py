"""Closes Django's own ways in: signing in, out and changing a password lead to allauth, which throttles and records.

In: a request for the desk. Out: allauth's page, or a refusal for whoever is signed in and may not use the desk.
"""

from allauth.account.utils import get_next_redirect_url
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache


@never_cache
def login(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Lead to allauth's page, and from there back. Whoever is signed in already is let in, or refused."""
    back = get_next_redirect_url(request) or reverse("admin:index")
    if request.user.is_authenticated:
        if not admin.site.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(reverse("account_login", query={"next": back}))


def logout(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Lead to the page that asks whether to sign out; its form does it."""
    return HttpResponseRedirect(reverse("account_logout"))


def password_change(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Lead to allauth's page for a new password."""
    return HttpResponseRedirect(reverse("account_change_password"))


admin.site.login = login
admin.site.logout = logout
admin.site.password_change = admin.site.password_change_done = password_change
