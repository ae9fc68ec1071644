"""The parts of an item on its page: names, statements, relations and codings, each with its citations.

In: what an author typed. Out: rows in their order, with their citations. Nothing here saves by itself: the item's
page does, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from content_app.admin.items import citations, layout, opening, ordering, reading_level
from content_app.admin.items.choosing import choose_item, show_chosen
from content_app.admin.shared.formsets import BoundedFormSet
from content_app.admin.shared.roles import WrittenByAuthors
from content_app.admin.shared.texts import EditorialFields
from content_app.manuscripts import code_releases
from content_app.models import Citation, Coding, Name, Relation, Statement
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.fields import PARTS


class PartForm(forms.ModelForm):
    """A part with its place."""

    place = ordering.PlaceField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial_key = self.instance.pk  # as it was opened: a row that is saved gets one
        if self.instance.pk:
            self.initial["place"] = self.instance.position + 1

    def _post_clean(self):
        """A row that stays as it is stored has passed all that its model asks, some of it in the database."""
        if self.instance.pk is None or self.has_changed():
            super()._post_clean()

    def validate_constraints(self):
        """`saving` says it, in words for people, when it looks at all parts together."""


class CitedForm(PartForm):
    """A part with citations."""

    citations = citations.CitationsField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["citations"] = citations.as_text(self.instance.citations.all())
            if "citations" in self.fields:
                self.fields["citations"].known(self.instance.citations.all())


@dataclass(frozen=True)
class FormProblem:
    """What saving found wrong: with a field of the item itself, or with the parts of a sort, and in which form."""

    sentence: str
    sort: str = ""
    form: int | None = None
    field: str = ""


class RowField(forms.ModelChoiceField):
    """The key of a row, of which its form knows already that it is there."""

    def __init__(self, row: models.Model, *args, **kwargs):
        super().__init__(*args, required=False, widget=forms.HiddenInput, **kwargs)
        self.row = row

    def to_python(self, value):
        return self.row if self.row.pk and value == str(self.row.pk) else super().to_python(value)


class PartFormSet(BoundedFormSet):
    """All parts of one sort. What they say together is saved by the item's page, with the item."""

    def __init__(self, *args, problems: Sequence[FormProblem] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.problems = problems

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        setattr(form.instance, self.fk.name, self.instance)
        return form

    def add_fields(self, form, index):
        """A row that was read with its like is not read again to find that it is there."""
        super().add_fields(form, index)
        key = form.fields[self._pk_field.name]
        form.fields[self._pk_field.name] = RowField(form.instance, key.queryset, initial=key.initial)

    def full_clean(self):
        if self.is_bound:
            citations.find_sources(form for form in self.forms if isinstance(form, CitedForm))
        super().full_clean()

    def clean(self):
        """Show what saving found wrong with these parts, each at its field."""
        super().clean()
        of_all = [problem.sentence for problem in self.problems if problem.form is None]
        for problem in self.problems:
            if problem.form is not None and problem.form < len(self.forms):
                form = self.forms[problem.form]
                form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        if of_all:
            raise forms.ValidationError(of_all)

    def closed(self) -> list[models.Model]:
        """The stored rows that nobody opened on the page that was sent: they stay as they are."""
        opened = {form.instance.pk for form in self.forms}
        return [row for row in self.get_queryset() if row.pk not in opened]

    def living(self) -> list[forms.ModelForm]:
        """Forms that hold something and are not to be deleted."""
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and (form.instance.pk or form.has_changed())
            and not self._should_delete_form(form)
        ]

    def validate_unique(self):
        """`clean` says it in better words, at the row."""


class StatementForm(CitedForm):
    """A statement, with the reading level of its plain text."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reading_level.show_level(self, "plain")


class RelationForm(CitedForm):
    """A relation, with the items that it leads to."""

    class Meta:
        labels = {"predicate": "Relationship", "object": "To", "display_with": "Shown with"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        show_chosen(self)


class CodingForm(PartForm):
    """A coding. Whether it was checked, where and when, is found by looking, when it is saved; nobody types it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in code_releases.BY_THE_CHECK:
            if name in self.fields:
                self.fields[name].disabled, self.fields[name].required = True, False
                self.fields[name].help_text = "Set by the check when you save."
        if "version" in self.fields:
            self.fields["version"].required = False
        if "code" in self.fields:
            self.fields["code"].help_text = "Type a code or words from its title, then choose from the list."
            self.fields["code"].widget.attrs |= {"data-choices": reverse("admin:codes"), "data-beside": "system"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("system") and cleaned.get("match") and (self.instance.pk is None or self.has_changed()):
            cleaned["version"] = cleaned.get("version") or CODE_SYSTEMS[cleaned["system"]].version
            cleaned |= code_releases.checked(cleaned, self._before(cleaned), timezone.now().date())
        return cleaned

    def _before(self, cleaned: dict) -> dict | None:
        """How the coding is stored, if it is still the same one."""
        stored = self.initial if self.instance.pk else {}
        is_the_same = stored and all(stored.get(name) == cleaned.get(name) for name in ("system", "code", "match"))
        return stored if is_the_same else None


class PartInline(WrittenByAuthors, EditorialFields, admin.StackedInline):
    """Parts of one sort on the page of their item."""

    formset = PartFormSet
    form = PartForm
    template = "admin/content_app/parts.html"
    is_cited = False

    def get_extra(self, request, obj=None, **kwargs):
        """No empty rows but the one that is asked for."""
        return int(opening.asked(request).adds == self.sort)

    @property
    def sort(self) -> str:
        """What documents call parts of this sort; the prefix of its forms."""
        return f"{self.model._meta.model_name}s"

    @property
    def media(self):
        """Nothing of Django's own: rows are opened and added by `parts.js`."""
        return forms.Media()

    def every(self, request):
        """The parts as they are stored, with all that a line about them says."""
        cited = Prefetch("citations", Citation.objects.select_related("source"))
        parts = super().get_queryset(request).order_by("position", "id")
        return parts.prefetch_related(cited) if self.is_cited else parts

    def get_queryset(self, request):
        """Those that have a form: on a page that is opened, only what it asks for; of what is sent, any can be."""
        parts = self.every(request)
        if not self.has_change_permission(request):
            return parts.none()
        return parts if request.method == "POST" else opening.asked(request).of(self.sort, parts)

    @admin.display(description="Citations")
    def citations(self, part):
        return citations.as_links(part.citations.all())

    @admin.display(description="Position")
    def place(self, part):
        return part.position + 1


class CitedInline(PartInline):
    form = CitedForm
    is_cited = True


class NameInline(CitedInline):
    model = Name
    verbose_name_plural = "names"
    fieldsets = [(None, {"fields": layout.lines(PARTS["names"], has_place=True, is_cited=True)})]


class StatementInline(CitedInline):
    model = Statement
    form = StatementForm
    fieldsets = [(None, {"fields": layout.lines(PARTS["statements"], has_place=True, is_cited=True)})]


class RelationInline(CitedInline):
    model = Relation
    form = RelationForm
    fk_name = "subject"
    fieldsets = [(None, {"fields": layout.lines(PARTS["relations"], has_place=True, is_cited=True)})]

    def every(self, request):
        return super().every(request).select_related("object", "display_with")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return choose_item(db_field, super().formfield_for_foreignkey, request, **kwargs)


class CodingInline(PartInline):
    model = Coding
    form = CodingForm
    fieldsets = [(None, {"fields": layout.lines(PARTS["codings"], has_place=True)})]


INLINES = [NameInline, StatementInline, RelationInline, CodingInline]
