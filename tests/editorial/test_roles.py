"""Roles are groups with the permissions of their work."""

from django.contrib.auth.models import Group

from content_app.editorial import roles


def test_roles_have_the_permissions_of_their_work(people):
    assert {group.name for group in Group.objects.all()} == set(roles.ROLES)
    assert people.author.has_perm("content_app.change_condition")
    assert not people.reviewer.has_perm("content_app.change_condition")
    assert not people.author.has_perm("content_app.change_document")
