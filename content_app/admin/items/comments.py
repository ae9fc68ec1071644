"""Comments on the page of an item: beside the field they are about, and all of them in one list with what to do.

In: an item, what people say. Out: context for the page, and the address that the forms post to. `reviewing` keeps
them; they are no part of the item's form, so that saying something never saves, or loses, an edit.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from content_app.admin.history.comparison import label_of
from content_app.admin.items.findings import key_in, page_of
from content_app.admin.shared.resubmission import GIVEN_BACK, is_given_back
from content_app.admin.shared.texts import SCHEMAS, Fits, Prose
from content_app.editorial import review_comments, saving, suggestions
from content_app.editorial.review_comments import STATEMENT, statement_anchor
from content_app.editorial.transitions import TransitionNotAllowed, is_editor
from content_app.manuscripts import rows
from content_app.models import KIND_MODELS, Comment, Item, Statement, Thread
from content_app.vocabulary.terms import ASPECTS

DONE = {
    "accept": "The suggested text is in the draft now. The item has a new revision.",
    "decline": "You declined the suggestion. The comment stays open until somebody resolves it.",
}
WHOLE = "The item as a whole"
SECTIONS = {"names": "Names", "statements": "Statements", "relations": "Relationships", "codings": "Codings"}
LABELS = {
    "summary_clinical": "Summary for clinicians", "summary_plain": "Summary in plain words",
    "clinical": "For clinicians", "plain": "In plain words",
}  # fmt: skip
SHORT = 60
SUGGEST = "suggest-"  # before the name of the field whose text is suggested


@dataclass(frozen=True)
class Shown:
    """A thread as the page shows it: what it is about, where that is, what was said, what can be done.

    `texts` are what the place now says, by field, if something is suggested for it.
    """

    thread: Thread
    label: str
    href: str
    comments: list[Comment]
    may_reopen: bool
    texts: suggestions.Texts

    @property
    def opening(self) -> Comment:
        return self.comments[0]

    @property
    def suggested(self) -> list[Comment]:
        """What is suggested and neither accepted nor declined."""
        return review_comments.open_suggestions(self.thread)

    @property
    def fitting(self) -> list[Comment]:
        """Those that can be accepted: the text has not changed since."""
        return [one for one in self.suggested if self.texts.get(one.field) == one.before]


class CommentForm(forms.Form):
    """What somebody says. `anchor` only for the first of a thread; `texts` of its place can be suggested anew."""

    anchor = forms.ChoiceField(label="About", required=False)
    text = Prose(label="Comment", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    use_required_attribute = False

    def __init__(self, *args, item: Item, fields: list[str], texts: suggestions.Texts | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["anchor"].choices = list(places(item, fields).items())
        self.texts = texts or {}
        if self.texts:  # the boxes are those of one place
            self.fields["anchor"].widget = forms.HiddenInput()
            self.fields["text"].label = "Comment (you can leave it empty if you suggest a text)"
        for name, text in self.texts.items():
            self.fields[f"{SUGGEST}{name}"] = _suggestion_field(item, name, text)

    @property
    def suggested(self) -> suggestions.Texts:
        """The texts that were sent, by field."""
        return {name: self.cleaned_data[f"{SUGGEST}{name}"] for name in self.texts}


def _suggestion_field(item: Item, name: str, text: str) -> Prose:
    model = Statement if name in suggestions.OF_A_STATEMENT else KIND_MODELS[item.kind]
    box = forms.Textarea(attrs={"rows": 4})
    label = f"Suggested text: {_label(name).lower()}"
    return Prose(label=label, initial=text, required=False, widget=box, validators=[Fits(SCHEMAS[model][name])])


def places(item: Item, fields: list[str]) -> dict[str, str]:
    """Everything of an item that a comment can be about: its anchor, and how people call it."""
    statements = {statement_anchor(s.uuid): _statement_label(s) for s in item.statements.all()}
    return {"": WHOLE} | {name: _label(name) for name in fields} | SECTIONS | statements


def _label(field: str) -> str:
    return LABELS.get(field) or label_of(field)


def _statement_label(statement: Statement) -> str:
    text = statement.clinical if len(statement.clinical) <= SHORT else f"{statement.clinical[:SHORT]}…"
    return f"{ASPECTS[statement.aspect].label} “{text}”"


def threads_of(item: Item) -> QuerySet[Thread]:
    """The threads of an item with everything said in them, open ones first."""
    said = Prefetch("comments", Comment.objects.select_related("written_by", "revision").defer("revision__document"))
    return item.threads.order_by("-is_open", "id").prefetch_related(said)


def shown(item: Item, request: HttpRequest, *, can_edit: bool) -> list[Shown]:
    """The threads of an item, each with the address of what it is about on the item's page."""
    statements = {statement_anchor(s.uuid): (place, s) for place, s in enumerate(item.statements.all())}
    may_reopen, threads = review_comments.may_reopen(request.user), list(threads_of(item))
    suggests = any(review_comments.open_suggestions(thread) for thread in threads)
    document = rows.to_document(item) if suggests else {"kind": item.kind}
    return [
        Shown(
            thread,
            *_place(thread.anchor, statements, can_edit),
            list(thread.comments.all()),
            may_reopen,
            suggestions.texts_at(document, thread.anchor),
        )
        for thread in threads
    ]


def _place(anchor: str, statements: dict, can_edit: bool) -> tuple[str, str]:
    """What an anchor is called, and its address on the page."""
    if anchor.startswith(STATEMENT):
        if anchor not in statements:
            return "A statement that has been deleted", "#statements-heading"
        place, statement = statements[anchor]
        return _statement_label(statement), f"#statements-{place}"
    if anchor in SECTIONS:
        return SECTIONS[anchor], f"#{anchor}-heading"
    return (_label(anchor), f"#line-{anchor}") if anchor else (WHOLE, "#content-main")


def beside(found: list[Shown]) -> dict[str, list[Shown]]:
    """The open threads by what they are about, for the templates of fields and statements."""
    grouped: dict[str, list[Shown]] = {}
    for one in found:
        if one.thread.is_open:
            grouped.setdefault(one.thread.anchor, []).append(one)
    return grouped


def gathered(item: Item) -> str:
    """The open comments of an item as one text, for whoever asks for changes; empty if there are none."""
    statements = {statement_anchor(s.uuid): (place, s) for place, s in enumerate(item.statements.all())}
    return "\n".join(
        f"{_place(thread.anchor, statements, True)[0]}: {thread.comments.all()[0].text}"
        for thread in threads_of(item)
        if thread.is_open
    )


class CommentPages:
    """Mix into a ModelAdmin of items: the addresses at which comments are said, answered, resolved and reopened."""

    def get_urls(self):
        name = f"content_app_{self.opts.model_name}_comment"
        view = self.admin_site.admin_view(self.comment_view)
        return [path("<path:object_id>/comment/", view, name=name), *super().get_urls()]

    def comment_fields(self, request, item: Item) -> list[str]:
        """The names of the item's own fields, in the order of the page."""
        lines = [line for _, options in self.get_fieldsets(request, item) for line in options["fields"]]
        return [name for line in lines for name in ([line] if isinstance(line, str) else line)]

    def comments_beside(self, request, item: Item) -> dict:
        """Context for the item's page."""
        found = shown(item, request, can_edit=self.has_change_permission(request))
        return {
            "threads": [one for one in found if one.thread.is_open],
            "resolved": [one for one in found if not one.thread.is_open],
            "threads_at": beside(found),
            "comment_form": CommentForm(
                item=item, fields=self.comment_fields(request, item), auto_id="comment_%s"
            ) if is_editor(request.user) else None,
            "suggestible": suggestions.own_texts(item.kind) if is_editor(request.user) else (),
            "comment_href": reverse(f"admin:content_app_{self.opts.model_name}_comment", args=[item.pk]),
        }  # fmt: skip

    def comment_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = Item.objects.filter(pk=key_in(unquote(object_id)), kind=self.model.KIND).first()
        if item is None:
            raise Http404("This item does not exist.")
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        form = self._comment_form(request, item)
        if is_given_back(request):
            messages.warning(request, GIVEN_BACK)
        elif form.is_bound and form.is_valid() and self._is_kept(request, item, form):
            return HttpResponseRedirect(f"{page_of(item)}#comments")
        return self._comment_page(request, item, form)

    def _comment_form(self, request, item: Item) -> CommentForm:
        """The form as it was sent, or (`?about=`) one in which a text can be suggested for a place."""
        data = request.POST if request.method == "POST" else None
        about = request.GET.get("about", "") if data is None else data.get("anchor", "")
        can_suggest = data is None or any(name.startswith(SUGGEST) for name in data)
        texts = suggestions.texts_at(rows.to_document(item), about) if can_suggest else {}
        fields = self.comment_fields(request, item)
        return CommentForm(data, item=item, fields=fields, texts=texts, initial={"anchor": about}, auto_id="comment_%s")

    def _is_kept(self, request, item: Item, form: CommentForm) -> bool:
        try:
            thread = _do(request, item, form)
        except (TransitionNotAllowed, saving.NotSaveable) as refusal:
            form.add_error("text", str(refusal))
            return False
        said = "Your comment was added." if thread.is_open else "The comment was resolved."
        messages.success(request, DONE.get(request.POST.get("act", ""), said))
        return True

    def _comment_page(self, request, item: Item, form: CommentForm) -> HttpResponse:
        """The form on a page of its own, with what was typed: where a comment was refused."""
        thread = _thread(request, item)
        if thread:
            del form.fields["anchor"]
        about = form.texts and not thread
        context = self.admin_site.each_context(request) | {
            "title": "Suggest a text" if about else "Add a comment",
            "subtitle": item.name,
            "item": item,
            "page": page_of(item),
            "opts": self.opts,
            "form": form,
            "thread": thread,
            "act": request.POST.get("act", ""),
            "comment": request.POST.get("comment", ""),
            "comment_href": request.path,
            "about": dict(form.fields["anchor"].choices).get(form["anchor"].value()) if about else "",
        }
        status = 409 if form.errors else 200
        return TemplateResponse(request, "admin/content_app/comment.html", context, status=status)


def _thread(request: HttpRequest, item: Item) -> Thread | None:
    key = key_in(request.POST.get("thread", ""))
    return item.threads.filter(pk=key).first() if key else None


def _do(request: HttpRequest, item: Item, form: CommentForm) -> Thread:
    """What the form asks for; the thread as it then is."""
    thread, act, by = _thread(request, item), request.POST.get("act", ""), request.user
    text, anchor = form.cleaned_data["text"], form.cleaned_data["anchor"]
    if act in DONE:
        return _settle(request, item, text)
    if thread is None and (act or request.POST.get("thread")):
        raise TransitionNotAllowed("This comment no longer exists. Go back to the item and reload the page.")
    if thread is None:
        return suggestions.suggest(item=item, by=by, anchor=anchor, text=text, after=form.suggested)
    acts = {"resolve": review_comments.resolve, "reopen": review_comments.reopen, "keep": review_comments.keep_open}
    return acts.get(act, review_comments.reply)(thread=thread, by=by, text=text).thread


def _settle(request: HttpRequest, item: Item, text: str) -> Thread:
    """Accept or decline the suggestion that the form names."""
    found = Comment.objects.filter(pk=key_in(request.POST.get("comment", "")), thread__item=item.pk).first()
    if found is None:
        raise TransitionNotAllowed("This suggestion no longer exists. Go back to the item and reload the page.")
    if request.POST["act"] == "accept":
        suggestions.accept(comment=found, by=request.user)
    else:
        suggestions.decline(comment=found, by=request.user, text=text)
    return Thread.objects.get(pk=found.thread_id)
