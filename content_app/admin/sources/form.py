"""The form of a source, on its own page and in the dialog of an item's page.

In: what authors type or paste. Out: a source with its identifiers in normal form, or sentences at the fields: one of
them, for a work that is there already, leads to it.
"""

from collections.abc import Iterator

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from content_app.admin.shared.texts import Line
from content_app.editorial import source_history
from content_app.manuscripts import rows
from content_app.manuscripts.identifiers import essence_of_address, normal_doi, normal_pmid
from content_app.models import Source

CHANGED = (
    "Nothing was saved, because somebody else has changed this source since you opened it. "
    "Everything you typed is still here: if you save again, your version replaces theirs."
)
SLUG_HELP = (
    "A short name used in citations. You cannot change it later. If you leave it empty, it is created from the title."
)
LONGEST_SLUG = 60


class Doi(Line):
    """A DOI, also pasted as an address."""

    def to_python(self, value):
        return normal_doi(super().to_python(value))


class Pmid(Line):
    """A PubMed identifier, also pasted as an address."""

    def to_python(self, value):
        return normal_pmid(super().to_python(value))


IDENTIFIERS = {"doi": Doi, "pmid": Pmid}


def page_of(source: Source) -> str:
    """The address of a source's page."""
    return reverse("admin:content_app_source_change", args=[source.pk])


class SourceForm(forms.ModelForm):
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = rows.source_document(self.instance) if self.instance.pk else {}
        self.initial["opened_at"] = source_history.version_of(self.instance)
        self.is_stale = False
        if "authors" in self.fields:
            self.fields["authors"].help_text = "One author per line: family name, then initials. Example: Sherry DD"
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = SLUG_HELP

    def clean(self):
        cleaned = super().clean()
        with_the_same_title = self._same_title() if not self.instance.pk else None
        if with_the_same_title:
            self.add_error("title", _there_already(with_the_same_title))
        self._fill_in_slug()
        for field, other in self._same_elsewhere():
            self.add_error(field, _there_already(other))
        if self.instance.pk and cleaned.get("opened_at") != self.initial["opened_at"]:
            self.is_stale = True
            self.data = self.data.copy()
            self.data[self.add_prefix("opened_at")] = self.initial["opened_at"]
            raise forms.ValidationError(CHANGED)
        return cleaned

    def _fill_in_slug(self) -> None:
        if "slug" in self.fields and not self.cleaned_data.get("slug") and "slug" not in self.errors:
            self.cleaned_data["slug"] = _free_slug(self.cleaned_data.get("title", ""), self.cleaned_data.get("year"))

    def _same_title(self) -> Source | None:
        """The source that a second click, or a second person, would add again: of the same title, year and type."""
        told = {name: self.cleaned_data.get(name) for name in ("title", "year", "type")}
        return Source.objects.filter(title__iexact=told.pop("title") or "", **told).first()

    def _same_elsewhere(self) -> Iterator[tuple[str, Source]]:
        """Each identifier that another source has already, unless it was there before."""
        others = Source.objects.exclude(pk=self.instance.pk)
        for field in ("slug", "doi", "pmid", "url"):
            typed = self.cleaned_data.get(field)
            if typed and field in self.cleaned_data and (field in self.changed_data or field == "slug"):
                other = _with_address(others, typed) if field == "url" else others.filter(**{f"{field}__iexact": typed})
                if found := other.first() if other is not None else None:
                    yield field, found

    def validate_unique(self):
        """`clean` says it with a link to the source that is there."""


def _with_address(sources, address: str):
    wanted = essence_of_address(address)
    same = [key for key, url in sources.exclude(url="").values_list("pk", "url") if essence_of_address(url) == wanted]
    return sources.filter(pk__in=same)


def _there_already(source: Source) -> SafeString:
    return format_html(
        'This source already exists: <a href="{}" target="_blank">{}</a>. Cite it as “{}”.',
        page_of(source),
        source,
        source.slug,
    )


def _free_slug(title: str, year: int | None) -> str:
    """A slug that no source has, from the title."""
    stem = slugify(title)[:LONGEST_SLUG].rpartition("-")[0] if len(slugify(title)) > LONGEST_SLUG else slugify(title)
    stem = "-".join(part for part in (stem.strip("-_").replace("_", "-") or "source", str(year or "")) if part)
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
