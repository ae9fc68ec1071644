"""The base of admin pages on which nothing can be changed by anybody, superusers included."""

from django.contrib import admin

from content_app.admin.shared.lists import Lists


class ReadOnlyAdmin(Lists, admin.ModelAdmin):
    """Lists and shows rows that are written once."""

    actions = None

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
