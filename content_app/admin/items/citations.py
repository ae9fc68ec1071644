"""Citations as text: one a line, `source-slug; locator`. Works without JavaScript and with every keyboard.

In: a text area. Out: `Cited` pairs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content_app.admin.shared import texts
from content_app.manuscripts.schema import CITATION, CITATIONS
from content_app.models import Citation, Item, Source
from content_app.nearest import nearest

HELP = (
    "One citation per line: the slug of the source, a semicolon, then the place in the source. "
    "Example: what-is-amps; paragraph 2"
)
MOST = CITATIONS["maxItems"]
SAID_AT_ONCE = 20  # the rest is said once these are mended: each costs a search for the source that was meant
LOCATOR = texts.Fits(CITATION["properties"]["locator"])


@dataclass(frozen=True)
class Cited:
    """A source, and where in it."""

    source: Source
    locator: str


def as_text(citations: Iterable[Citation]) -> str:
    """Citations as the field shows them."""
    return "\n".join(f"{c.source.slug}; {c.locator}" if c.locator else c.source.slug for c in citations)


def as_links(citations: Iterable[Citation]) -> SafeString | str:
    """Citations for those who only read: each a link to its source."""
    lines = [
        (reverse("admin:content_app_source_change", args=[c.source_id]), c.source, c.locator and f", {c.locator}")
        for c in citations
    ]
    return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a>{}</li>', lines)) if lines else "–"


def _normal(text: str | None) -> list[tuple[str, str]]:
    """The lines of a text as (slug, locator), without what does not count."""
    lines = [line.partition(";") for line in str(text or "").splitlines() if line.strip()]
    return [(slug.strip(), locator.strip()) for slug, _, locator in lines]


class CitationLines(forms.Textarea):
    """A text area with a way to sources beside it: with JavaScript a dialog, else a new one in a tab of its own."""

    class Media:
        js = ["content_app/admin/source.js"]

    def __init__(self):
        super().__init__(attrs={"rows": 2, "class": "citations", "spellcheck": "false"})

    def render(self, name, value, attrs=None, renderer=None):
        return format_html(
            '{}<a class="new-source" href="{}" data-dialog="{}" target="_blank">Cite a source…</a>',
            super().render(name, value, attrs, renderer),
            reverse("admin:content_app_source_add"),
            reverse("admin:content_app_source_dialog"),
        )


class CitationsField(forms.Field):
    """A text area with one citation a line. Its value is a list of `Cited`."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "help_text": HELP, "widget": CitationLines} | kwargs)

    sources: dict[str, Source] | None = None  # by slug, where a page of many fields has found them at once

    def to_python(self, value):
        lines = _normal(texts.tidy(value or ""))
        if len(lines) > MOST:
            raise ValidationError(f"Enter at most {MOST} citations here; there are {len(lines)}.")
        sources = _by_slug(lines) if self.sources is None else self.sources
        found = (problem for number, line in enumerate(lines, 1) for problem in _problems(number, line, sources))
        problems = list(islice(found, SAID_AT_ONCE))
        if problems:
            raise ValidationError(problems)
        return [Cited(sources[slug], locator) for slug, locator in lines]

    def has_changed(self, initial, data):
        return _normal(initial) != _normal(data)


def _by_slug(lines: Iterable[tuple[str, str]]) -> dict[str, Source]:
    slugs = {slug for slug, _ in lines if "\0" not in slug}
    return Source.objects.in_bulk(slugs, field_name="slug") if slugs else {}


def find_sources(cited: Iterable[forms.Form]) -> None:
    """Find at once the sources that all these forms name in their citations."""
    cited = list(cited)
    sources = _by_slug(line for form in cited for line in _normal(form["citations"].data)[:MOST])
    for form in cited:
        form.fields["citations"].sources = sources


def _problems(number: int, line: tuple[str, str], sources: dict[str, Source]) -> Iterable[str]:
    slug, locator = line
    if slug not in sources:
        yield f"Line {number}: there is no source “{slug}”{hint(slug)}"
    try:
        if locator:
            LOCATOR(locator)
    except ValidationError as error:
        yield from (f"Line {number}: {sentence}" for sentence in error.messages)


def hint(slug: str) -> str:
    """The end of a sentence about a slug that is not known: the source that was probably meant."""
    titles = dict(Source.objects.values_list("slug", "title"))
    by_title = {title: known for known, title in titles.items()}
    if near := nearest(slug, [*titles, *by_title], cutoff=0.5):
        meant = by_title.get(near[0], near[0])
        return f"; did you mean “{meant}” ({titles[meant]})?"
    return ". Choose an existing source, or add this one first." if titles else ". No sources have been added yet."


def of_item(item: Item) -> list[Citation]:
    """The citations of the item's own fields: its summary and what belongs to its kind."""
    if item.pk is None:
        return []
    own = Citation.objects.filter(item_id=item.pk, statement=None, relation=None, name=None)
    return list(own.select_related("source"))
