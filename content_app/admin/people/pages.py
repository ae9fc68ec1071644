"""People: who may sign in, and in which roles. For user administrators, and for superusers.

In: names, roles, whether an account is active. Out: accounts. Nobody is made a superuser here, nobody raises
themselves, and nobody ever knows another's password: a link, handed over once, lets its bearer set one.
"""

from allauth.account.admin import EmailAddress
from allauth.account.decorators import reauthentication_required
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.admin import Authenticator
from allauth.mfa.signals import authenticator_removed
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import User
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from content_app.admin.items.findings import key_in
from content_app.admin.people.second_factor import FACTORS
from content_app.admin.shared.lists import Lists
from content_app.admin.shared.resubmission import GivesBack
from content_app.admin.shared.texts import EditorialFields
from content_app.audit import log
from content_app.editorial.roles import ROLES

# Tables that other applications show by themselves: people have this page, roles stand in the code, the rest is secret.
for model in (User, Group, EmailAddress, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

# Asked only of those who may change people: everybody else is refused as ever.
confirmed = method_decorator(
    reauthentication_required(enabled=lambda request: request.user.has_perm("auth.change_user"))
)
SELF = "You cannot switch off your own account: somebody else has to."


class RoleField(forms.ModelMultipleChoiceField):
    """Roles to tick, each with what it is for."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        return f"{group.name}: {ROLES[group.name].meaning}"


class PersonForm(forms.ModelForm):
    groups = RoleField(Group.objects.filter(name__in=ROLES).order_by("pk"), required=False, label="Roles")
    by: User

    def clean_is_active(self):
        if not self.cleaned_data["is_active"] and self.instance.pk == self.by.pk:
            raise forms.ValidationError(SELF)
        return self.cleaned_data["is_active"]


@admin.register(User)
class PeopleAdmin(GivesBack, EditorialFields, Lists, admin.ModelAdmin):
    """Accounts of the desk. None is ever deleted, as what its person did stays in the trail: it is switched off."""

    rows_come_from = "A user administrator adds people."

    form = PersonForm
    list_display = ["username", "full_name", "roles", "is_active", "second_factor", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    actions = None
    change_form_template = "admin/content_app/person.html"

    def get_queryset(self, request):
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        return super().get_queryset(request).prefetch_related("groups").annotate(has_factor=Exists(factors))

    def get_fieldsets(self, request, obj=None):
        own = ["username", ("first_name", "last_name"), "email"]
        return [(None, {"fields": own}), ("What they may do", {"fields": ["groups", *(["is_active"] if obj else [])]})]

    def get_readonly_fields(self, request, obj=None):
        return ["username"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def has_change_permission(self, request, obj=None):
        """User administrators change others who are no superusers; superusers change everybody."""
        may = super().has_change_permission(request, obj)
        is_for_superusers = obj is not None and (obj.is_superuser or obj.pk == request.user.pk)
        return may and (request.user.is_superuser or not is_for_superusers)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/link/", view(self.link_view), name="auth_user_link"),
            path("<path:object_id>/second-factor/", view(self.second_factor_view), name="auth_user_second_factor"),
            *super().get_urls(),
        ]

    @confirmed
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True  # everybody here sits at the desk; what they may do there, roles say
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, f"“{obj}” is added. Now make the link with which they set their password.")
        return HttpResponseRedirect(reverse("admin:auth_user_link", args=[obj.pk]))

    @method_decorator(never_cache)
    @confirmed
    def link_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a link; sent back, make it and show it, once."""
        person = self._held(request, object_id)
        link = ""
        if request.method == "POST":
            link = request.build_absolute_uri(address_to_set_a_password(person))
            log.record("password_link_made", by=request.user, what=("person", person.pk, person.get_username()))
        return self._page(request, person, "A link to set a password", "person_link.html", link=link)

    @confirmed
    def second_factor_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask whether to remove somebody's second factor; sent back, do it."""
        person = self._held(request, object_id)
        if request.method == "POST":
            remove_second_factor(request, person)
            messages.success(request, f"“{person}” has no second factor now, and sets one up at the next sign-in.")
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[person.pk]))
        return self._page(request, person, "Remove the second factor", "person_factor.html")

    def _held(self, request: HttpRequest, object_id: str) -> User:
        person = self.get_queryset(request).filter(pk=key_in(unquote(object_id))).first()
        if person is None:
            raise Http404("There is no such person.")
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        return person

    def _page(self, request: HttpRequest, person: User, title: str, template: str, **context) -> HttpResponse:
        common = self.admin_site.each_context(request) | {
            "title": title,
            "subtitle": str(person),
            "person": person,
            "opts": self.opts,
        }
        return TemplateResponse(request, f"admin/content_app/{template}", common | context)

    @admin.display(description="name", ordering="last_name")
    def full_name(self, person):
        return person.get_full_name() or "–"

    @admin.display(description="roles")
    def roles(self, person):
        if person.is_superuser:
            return "Superuser"
        return ", ".join(group.name for group in person.groups.all()) or "–"

    @admin.display(description="second factor", boolean=True)
    def second_factor(self, person):
        return person.has_factor


def address_to_set_a_password(person: User) -> str:
    """Works once, until PASSWORD_RESET_TIMEOUT, and not after the person has signed in or set another password."""
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return reverse("account_reset_password_from_key", kwargs=key)


@transaction.atomic
def remove_second_factor(request: HttpRequest, person: User) -> None:
    """Remove every authenticator of a person, recovery codes included."""
    for authenticator in Authenticator.objects.filter(user=person):
        authenticator.delete()
        authenticator_removed.send(
            sender=Authenticator, request=request, user=request.user, authenticator=authenticator
        )
