"""Who may do what in the admin pages: three roles, asked once a request.

In: a request. Out: yes or no. The verbs ask `workflow`; this only decides which pages are open for writing.
"""

from django.http import HttpRequest

from content_app.editorial.roles import AUTHOR, PUBLISHER
from content_app.editorial.transitions import A_PERSON


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The names of the groups of whoever asks, read once a request."""
    if not hasattr(request, "role_names"):
        request.role_names = frozenset(request.user.groups.values_list("name", flat=True))
    return request.role_names


def may_write(request: HttpRequest) -> bool:
    """Whether this person may change items and sources: authors, and superusers."""
    return request.user.is_superuser or AUTHOR in roles_of(request)


def has_a_role(request: HttpRequest) -> bool:
    """Whether this person works at the desk at all: any of the roles, and superusers."""
    return request.user.is_superuser or not roles_of(request).isdisjoint(A_PERSON)


def may_publish(request: HttpRequest) -> bool:
    """Whether this person may make a release: publishers, and superusers."""
    return request.user.is_superuser or PUBLISHER in roles_of(request)


class WrittenByAuthors:
    """Mix into a ModelAdmin or inline: authors write, everyone with the permission to view reads."""

    def has_add_permission(self, request, obj=None):
        return may_write(request)

    def has_change_permission(self, request, obj=None):
        return may_write(request)

    def has_delete_permission(self, request, obj=None):
        return may_write(request)
