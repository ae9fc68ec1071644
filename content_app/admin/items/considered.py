"""The page on which somebody says why a warning is right as it is.

In: an item, and the key of one of its warnings. Out: a page with the sentence and a box; sent back, the warning is put
aside by `considering`, with the reason in the trail and in the audit.
"""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from content_app.admin.items.findings import key_in, page_of
from content_app.admin.shared.resubmission import GIVEN_BACK, is_given_back
from content_app.admin.shared.texts import Prose
from content_app.editorial import considering
from content_app.editorial.transitions import TransitionNotAllowed, is_editor
from content_app.models import Item


class ConsideredForm(forms.Form):
    """Why a warning is put aside."""

    note = Prose(
        label="I have considered it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "Say why it is right as it is. Reviewers and publishers read this. The warning comes back if the part that "
            "it is about changes."
        ),
    )
    use_required_attribute = False


def href(item: Item) -> str:
    """The address at which the warnings of an item are put aside."""
    return reverse(f"admin:content_app_{item.kind.replace('_', '')}_considered", args=[item.pk])


class ConsideredPages:
    """Mix into a ModelAdmin of items."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.considered_view)
        name = f"content_app_{self.opts.model_name}_considered"
        return [path("<path:object_id>/considered/", view, name=name), *super().get_urls()]

    def considered_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The warning that `key` names, and the box for the reason."""
        item = Item.objects.filter(pk=key_in(unquote(object_id)), kind=self.model.KIND).first()
        if item is None:
            raise Http404("This item does not exist.")
        if not is_editor(request.user):
            raise PermissionDenied
        key = request.GET.get("key", "")[:64].replace("\0", "")
        form = ConsideredForm(request.POST if request.method == "POST" else None)
        if is_given_back(request):
            messages.warning(request, GIVEN_BACK)
        elif form.is_bound and form.is_valid() and self._is_considered(request, item, key, form):
            return HttpResponseRedirect(f"{page_of(item)}#findings")
        context = self.admin_site.each_context(request) | {
            "title": "A warning",
            "subtitle": item.name,
            "item": item,
            "page": page_of(item),
            "opts": self.opts,
            "form": form,
            "warning": considering.warning(item, key),
            "gone": considering.GONE,
        }
        status = 409 if form.errors else 200
        return TemplateResponse(request, "admin/content_app/considered.html", context, status=status)

    def _is_considered(self, request: HttpRequest, item: Item, key: str, form: ConsideredForm) -> bool:
        try:
            considering.consider(item=item, key=key, by=request.user, note=form.cleaned_data["note"])
        except TransitionNotAllowed as refusal:
            form.add_error("note", str(refusal))
            return False
        messages.success(request, "The warning was put aside. It comes back if the part that it is about changes.")
        return True
