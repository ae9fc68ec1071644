"""Citations as text, one a line: `the source; the place in it`, and below it `> the words that support this`.

In: a text area, in which a source is named by its author, year or title, its DOI or PubMed ID, or its slug. Out:
`Cited`s. The page's script shows a line for each source instead; without it, the text says the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content_app.admin import search
from content_app.admin.shared import texts
from content_app.manuscripts.identifiers import identifier_in
from content_app.manuscripts.schema import CITATION, CITATIONS
from content_app.models import Citation, Item, Source
from content_app.nearest import nearest

HELP = "Type an author, a year, a title, a DOI or a PubMed ID, then choose the source."
MOST = CITATIONS["maxItems"]
SAID_AT_ONCE = 20  # the rest is said once these are mended: each costs a search for the source that was meant
CHECKS = {name: texts.Fits(CITATION["properties"][name]) for name in ("locator", "passage")}
LONG = 40  # characters of the name of whoever wrote or published a source


@dataclass(frozen=True)
class Cited:
    """A source, where in it, and its words there."""

    source: Source
    locator: str
    passage: str = ""


@dataclass(frozen=True)
class Line:
    """One citation as it was typed."""

    named: str
    locator: str
    passage: str


def as_text(citations: Iterable[Citation]) -> str:
    """Citations as the field has them."""
    return "\n".join(
        "\n".join(filter(None, ["; ".join(filter(None, (c.source.slug, c.locator))), c.passage and f"> {c.passage}"]))
        for c in citations
    )


def short(source: Source) -> str:
    """A source in a word or two: its first author, or who published it, and the year."""
    who = source.authors[0].rpartition(" ")[0] or source.authors[0] if source.authors else ""
    who = who or source.organisation or source.title
    return " ".join(filter(None, [who if len(who) <= LONG else f"{who[:LONG]}…", str(source.year or "")]))


def choice(source: Source) -> dict[str, str]:
    """A source as the page's script shows it."""
    return {"slug": source.slug, "label": short(source), "hint": source.title, "href": _page_of(source)}


def _page_of(source: Source) -> str:
    return reverse("admin:content_app_source_change", args=[source.pk])


def as_links(citations: Iterable[Citation]) -> SafeString | str:
    """Citations for those who only read: each a link to its source."""
    lines = [
        (reverse("admin:content_app_source_change", args=[c.source_id]), c.source, c.locator and f", {c.locator}")
        for c in citations
    ]
    return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a>{}</li>', lines)) if lines else "–"


def _normal(text: str | None) -> list[Line]:
    """The lines of a text without what does not count."""
    lines: list[Line] = []
    for typed in map(str.strip, str(text or "").splitlines()):
        if typed.startswith(">") and lines:
            last = lines.pop()
            lines.append(Line(last.named, last.locator, f"{last.passage} {typed[1:].strip()}".strip()))
        elif typed:
            named, _, locator = typed.partition(";")
            lines.append(Line(named.strip(), locator.strip(), ""))
    return lines


class CitationLines(forms.Textarea):
    """A text area, beside it the sources that it names and a way to a new one. `known` are the sources by slug."""

    class Media:
        js = ["content_app/admin/source.js", "content_app/admin/citing.js"]

    def __init__(self):
        super().__init__(attrs={"rows": 2, "class": "citations", "spellcheck": "false"})
        self.known: dict[str, Source] = {}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.known = {}
        return copied

    def render(self, name, value, attrs=None, renderer=None):
        cited = [choice(self.known[line.named]) for line in _normal(value) if line.named in self.known]
        context = {"textarea": super().render(name, value, attrs, renderer), "cited": cited}
        return render_to_string("admin/content_app/citing.html", context)


class CitationsField(forms.Field):
    """A text area with one citation a line. Its value is a list of `Cited`."""

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "help_text": HELP, "widget": CitationLines} | kwargs)

    sources: "Meant | None" = None  # what is named, where a page of many fields has found it at once

    def known(self, citations: Iterable[Citation]) -> None:
        """Show the sources of these citations by their names."""
        self.widget.known |= {c.source.slug: c.source for c in citations}

    def to_python(self, value):
        lines = _normal(texts.tidy(value or ""))
        if len(lines) > MOST:
            raise ValidationError(f"Enter at most {MOST} citations here; there are {len(lines)}.")
        meant = Meant(lines) if self.sources is None else self.sources
        self.widget.known |= {line.named: source for line in lines if (source := meant.the_one(line.named))}
        found = (problem for number, line in enumerate(lines, 1) for problem in _problems(number, line, meant))
        problems = list(islice(found, SAID_AT_ONCE))
        if problems:
            raise ValidationError(problems)
        return [Cited(meant.the_one(line.named), line.locator, line.passage) for line in lines]

    def has_changed(self, initial, data):
        return _normal(initial) != _normal(data)


class Meant:
    """The sources that lines name: by slug or identifier at once, by other words with one look at all names."""

    def __init__(self, lines: Iterable[Line]):
        named = list(dict.fromkeys(line.named for line in lines if "\0" not in line.named))
        bulk = Source.objects.in_bulk([one for one in named if len(one) <= 120], field_name="slug") if named else {}
        self.found: dict[str, list[Source]] = {one: [bulk[one]] for one in named if one in bulk}
        rest = [one for one in named if one not in bulk][:SAID_AT_ONCE]
        if rest:
            keys = search.sources([(identifier_in(one) or ("", one))[1] for one in rest], MOST_MEANT)
            by_key = Source.objects.in_bulk([key for some in keys for key in some])
            self.found |= {one: [by_key[key] for key in some] for one, some in zip(rest, keys, strict=True)}

    def the_one(self, named: str) -> Source | None:
        """The source that is meant, if it can be only one."""
        found = self.found.get(named, [])
        return found[0] if len(found) == 1 else None

    def several(self, named: str) -> list[Source]:
        """The sources that can be meant."""
        return self.found.get(named, [])


MOST_MEANT = 4


def find_sources(cited: Iterable[forms.Form]) -> None:
    """Find at once the sources that all these forms name in their citations."""
    cited = list(cited)
    meant = Meant(line for form in cited for line in _normal(form["citations"].data)[:MOST])
    for form in cited:
        form.fields["citations"].sources = meant


def _problems(number: int, line: Line, meant: Meant) -> Iterable[str]:
    several = meant.several(line.named)
    if len(several) > 1:
        titles = "; ".join(f"“{source}”" for source in several)
        yield f"Line {number}: “{line.named}” can mean several sources: {titles}. Choose one, or give its title."
    elif not several:
        yield f"Line {number}: there is no source “{line.named}”{hint(line.named)}"
    for name, text in (("locator", line.locator), ("passage", line.passage)):
        try:
            if text:
                CHECKS[name](text)
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
