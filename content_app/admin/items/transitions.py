"""The workflow's verbs as buttons and pages. What is possible, and whether it is done, `workflow` says.

In: an item, a person, what they type. Out: an act of `workflow`, or the sentence that says why not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from content_app.admin.items import comments
from content_app.admin.items.findings import key_in, page_of
from content_app.admin.publishing import release
from content_app.admin.shared import resubmission
from content_app.admin.shared.texts import Line, Prose
from content_app.admin.shared.zoned_datetime import When
from content_app.editorial import assignments, putting_away, scheduling, withdrawal, workflow
from content_app.models import Assignment, Item, SignOff, Source
from content_app.vocabulary.terms import SIGNIFICANCES, WITHDRAWAL_REASONS, Term


def _explained(terms: dict[str, Term]) -> list[tuple[str, str]]:
    return [(term.code, f"{term.label}: {term.meaning}") for term in terms.values()]


class VerbForm(forms.Form):
    """What a verb asks of the person. `item` and `by` are there for choices and first values."""

    use_required_attribute = False

    def __init__(self, *args, item: Item, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.prepare(item, by)

    def prepare(self, item: Item, by) -> None:
        """Fill in what depends on the item."""


class SubmitForm(VerbForm):
    change_note = Prose(
        label="Change note",
        help_text="Describe what has changed. Readers see this note.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Describe what has changed. Readers see this note."},
    )
    significance = forms.ChoiceField(
        label="Significance",
        choices=_explained(SIGNIFICANCES),
        initial="substantive",
        widget=forms.RadioSelect,
    )

    def prepare(self, item, by):
        """A warning that readers have and that has changed is a matter of safety, unless somebody says otherwise."""
        changed = workflow.changed_warnings(item)
        if changed:
            self.fields["significance"].initial = "safety"
            self.fields[
                "significance"
            ].help_text = (
                f"There are changes to the published {' and '.join(changed)}. Could they affect anybody's safety?"
            )


SEND = "send"  # the prefix of the form with which an item is saved and sent for review at once


class PersonField(forms.ModelChoiceField):
    """People by the name that others know."""

    def label_from_instance(self, person: User) -> str:
        return person.get_full_name() or person.get_username()


class SubmitItemForm(SubmitForm):
    """Also asks whom to ask, and by when. What was said the last time is there again until it is published."""

    reviewer = PersonField(User.objects.none(), required=False, label="Reviewer", empty_label="Anybody")
    due_on = forms.DateField(
        label="By when", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def prepare(self, item, by):
        super().prepare(item, by)
        self.fields["reviewer"].queryset = assignments.reviewers(apart_from=by)
        asked = Assignment.objects.filter(item_id=item.pk).first()
        self.initial |= {"reviewer": asked.person_id, "due_on": asked.due_on} if asked else {}
        if item.status == "draft" and item.change_note:
            self.initial["change_note"] = item.change_note
            self.fields["change_note"].help_text = "This is what you wrote before. Readers see this note."
        if item.status == "draft" and item.significance and not self.fields["significance"].help_text:
            self.fields["significance"].initial = item.significance


class RequestChangesForm(VerbForm):
    """The open comments can go with it; then nothing else has to be said."""

    comment = Prose(
        label="Requested changes",
        required=False,
        help_text="Tell the author what to change.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tell the author what to change."},
    )
    gather = forms.BooleanField(label="Include the open comments", required=False, initial=True)

    def prepare(self, item, by):
        self.gathered = comments.gathered(item)
        if not self.gathered:
            del self.fields["gather"]
            self.fields["comment"].required = True

    def clean(self):
        cleaned = super().clean()
        if cleaned.pop("gather", False):
            cleaned["comment"] = f"{cleaned.get('comment', '')}\n\n{self.gathered}".strip()
        elif not cleaned.get("comment") and "comment" not in self.errors:
            self.add_error("comment", "Tell the author what to change, or include the open comments.")
        return cleaned


class ApproveForm(VerbForm):
    """Carries the hash of the content that the page showed, so that nobody signs off what came after it."""

    content = forms.CharField(widget=forms.HiddenInput)
    reviewer_role = Line(
        label="Your role as reviewer",
        help_text="For example “Consultant paediatric rheumatologist”. Readers see it.",
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 1}),  # long enough to be read whole
        error_messages={"required": "Enter your role as reviewer. Readers see it."},
    )
    is_clinical = forms.BooleanField(
        label="This is a clinical review",
        required=False,
        help_text="Tick this only if you are a clinician and stand by the clinical content. Readers see this. Leave it "
        "empty for an editorial check.",
    )
    comment = Prose(
        label="Comment", required=False, help_text="For editors only.", widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self, item, by):
        last = SignOff.objects.filter(signed_by=by).exclude(reviewer_role=SignOff.NOT_YET_CLINICAL).first()
        self.initial["content"] = workflow.content_sha256(item)
        self.initial["reviewer_role"] = last.reviewer_role if last else "Reviewer"


class PublishForm(VerbForm):
    """Asks nothing: the next page shows the release and asks for its note."""


class RequestWithdrawalForm(VerbForm):
    reason = forms.ChoiceField(
        choices=_explained(WITHDRAWAL_REASONS), initial="withdrawn", widget=forms.RadioSelect, label="Reason"
    )
    replaced_by = forms.ModelChoiceField(
        Item.objects.none(), required=False, label="Replaced by", help_text="Only needed if the reason is “Replaced”."
    )
    note = Prose(
        label="Explanation",
        help_text="Say why the item is withdrawn. Readers see this.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the item is withdrawn. Readers see this."},
    )

    def prepare(self, item, by):
        others = Item.objects.filter(kind=item.kind, published_revision__isnull=False).exclude(pk=item.pk)
        self.fields["replaced_by"].queryset = others.order_by("name")


class WithdrawForm(VerbForm):
    """Asks nothing: the page shows what was requested."""

    def prepare(self, item, by):
        self.requested = withdrawal.request_for(item)


class DeclineWithdrawalForm(WithdrawForm):
    note = Prose(
        label="Reason to keep the item",
        help_text="For editors only.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the item should stay."},
    )


class WithdrawLaterForm(When, WithdrawForm):
    """When."""

    field_order = ["at", "time_zone", "occurrence"]


class PutAwayForm(VerbForm):
    note = Prose(
        label="Reason", required=False, help_text="For editors only.", widget=forms.Textarea(attrs={"rows": 2})
    )


@dataclass(frozen=True)
class Verb:
    """How a verb is offered. `does` is a function of `workflow`; publishing has a page of its own.

    `needs` is the verb of `workflow` that must be possible now, if it has another name. `asks` says why it cannot be
    done now, and `subject` under which name `does` takes what it is done to.
    """

    title: str
    explanation: str
    form: type[VerbForm]
    done: str
    does: Callable | None = None
    needs: str = ""
    asks: Callable = workflow.obstacles_to
    subject: str = "item"

    def obstacle(self, name: str, item: Item, by) -> str | None:
        """Why the person cannot do it to the item now, in a sentence."""
        return self.asks(self.needs or name, item, by)

    def do(self, item: Item | Source, by, values: dict) -> None:
        """Do it. Raises `TransitionNotAllowed`."""
        self.does(**{self.subject: item}, by=by, **values)


VERBS = {
    "submit": Verb(
        "Send for review",
        "A reviewer then signs it off or asks for changes.",
        SubmitItemForm,
        "sent for review",
        workflow.submit,
    ),
    "request_changes": Verb(
        "Request changes",
        "The item goes back to its author as a draft.",
        RequestChangesForm,
        "sent back to its author",
        workflow.request_changes,
    ),
    "approve": Verb(
        "Sign off",
        "You confirm that the text on this page is ready to publish. If anybody edits it later, "
        "it needs another review.",
        ApproveForm,
        "signed off",
        workflow.approve,
    ),
    "publish": Verb(
        "Publish",
        "The next page shows what will change for readers. There you can publish now or schedule a time.",
        PublishForm,
        "published",
    ),
    "request_withdrawal": Verb(
        "Request withdrawal",
        "A publisher then confirms it. Until then, readers see the item as before.",
        RequestWithdrawalForm,
        "proposed for withdrawal",
        withdrawal.request,
        asks=withdrawal.obstacles_to,
    ),
    "withdraw": Verb(
        "Withdraw",
        "Readers no longer see the item. Its page gives the reason and explanation below.",
        WithdrawForm,
        "withdrawn",
        withdrawal.withdraw,
        asks=withdrawal.obstacles_to,
    ),
    "withdraw-later": Verb(
        "Schedule withdrawal",
        "Readers no longer see the item from the time you choose. You can cancel until then.",
        WithdrawLaterForm,
        "scheduled to be withdrawn",
        scheduling.schedule_withdrawal,
        needs="withdraw",
        asks=withdrawal.obstacles_to,
    ),
    "decline_withdrawal": Verb(
        "Decline withdrawal",
        "The request is deleted and readers keep the item.",
        DeclineWithdrawalForm,
        "kept",
        withdrawal.decline,
        asks=withdrawal.obstacles_to,
    ),
    "put-away": Verb(
        "Put away",
        "For a draft that was started by mistake. It disappears from lists and searches. You can bring it back.",
        PutAwayForm,
        "put away",
        putting_away.put_away,
        asks=putting_away.obstacles_to,
    ),
    "bring-back": Verb(
        "Bring back",
        "The draft is in lists and searches again.",
        PutAwayForm,
        "brought back",
        putting_away.bring_back,
        asks=putting_away.obstacles_to,
    ),
}


@dataclass(frozen=True)
class Offer:
    """A verb on an item's page: its form, or why it cannot be done now."""

    name: str
    verb: Verb
    href: str
    form: VerbForm | None
    obstacle: str | None


def offers(item: Item | Source, by, verbs: dict[str, Verb] = VERBS) -> list[Offer]:
    """Every verb for this item or source and this person."""
    useless = "put-away" if getattr(item, "is_put_away", False) else "bring-back"
    return [offer(name, item, by, verbs) for name in verbs if name != useless]


def offer(name: str, item: Item | Source, by, verbs: dict[str, Verb] = VERBS) -> Offer:
    """One verb for this item or source and this person."""
    obstacle = verbs[name].obstacle(name, item, by)
    form = None if obstacle else verbs[name].form(item=item, by=by, auto_id=f"{name}_%s")
    return Offer(name, verbs[name], href(name, item), form, obstacle)


def href(name: str, item: Item | Source) -> str:
    """The address of a verb's page."""
    return reverse(f"admin:content_app_{item.kind.replace('_', '')}_verb", args=[item.pk, name])


class VerbPages:
    """Mix into a ModelAdmin of items: one page for each verb, which its button on the item's page posts to."""

    verbs = VERBS

    def verb_subjects(self):
        """What a verb can be done to on these pages."""
        return Item.objects.filter(kind=self.model.KIND)

    def publish_view(self, request, item, action: str) -> HttpResponse:
        """The page before a release of one item."""
        return release.page(request, Item.objects.filter(pk=item.pk), action=action)

    def get_urls(self):
        name = f"content_app_{self.opts.model_name}_verb"
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<path:object_id>/verb/<slug:verb>/", view, name=name), *super().get_urls()]

    def verb_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        item = self.verb_subjects().filter(pk=key_in(unquote(object_id))).first()
        if item is None or verb not in self.verbs:
            raise Http404("This item or action does not exist.")
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        if verb == "publish":
            return self.publish_view(request, item, href(verb, item))
        form = self.verbs[verb].form(request.POST if request.method == "POST" else None, item=item, by=request.user)
        if resubmission.is_given_back(request):
            messages.warning(request, resubmission.GIVEN_BACK)
        elif form.is_bound and form.is_valid() and self._is_done(request, item, verb, form):
            return HttpResponseRedirect(page_of(item))
        return self._verb_page(request, item, verb, form)

    def _is_done(self, request, item: Item | Source, verb: str, form: VerbForm) -> bool:
        try:
            self.verbs[verb].do(item, request.user, form.cleaned_data)
        except workflow.TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
            return False
        self.message_user(request, f"“{item}” was {self.verbs[verb].done}.")
        return True

    def _verb_page(self, request, item: Item | Source, verb: str, form: VerbForm) -> HttpResponse:
        found = self.verbs[verb]
        context = self.admin_site.each_context(request) | {
            "title": found.title,
            "subtitle": str(item),
            "item": item,
            "page": page_of(item),
            "opts": self.opts,
            "offer": Offer(verb, found, href(verb, item), form, found.obstacle(verb, item, request.user)),
        }
        return TemplateResponse(
            request, "admin/content_app/verb.html", context, status=409 if form.non_field_errors() else 200
        )
