"""The search of the desk, over drafts: names, abbreviations, codes, sources and sentences, in whatever spelling.

In: what somebody types into the field at the top of a page. Out: items and sources, the surest first, each with what
was found in it and a link that leads there. Readers' search looks at published texts instead (`delivery.search`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from content_app.editorial.putting_away import ACTIVE
from content_app.models import Coding, Condition, Item, Name, Source, Statement
from content_app.nearest import nearest
from content_app.vocabulary.terms import KINDS, MATCHES

LONGEST = 200  # characters of a query
MOST = 40  # results
MOST_LISTED = 1_000  # results that narrow a list
MOST_SENTENCES = 100
# How sure a find is. Between two of the same kind, the shorter text was more probably meant.
THE_SAME, BEGINS, HAS_THE_WORDS, SAYS, SAYS_THE_WORDS = 100, 80, 60, 45, 35
A_CODE = 95
GUESSED = 30  # so much less, if the query was corrected
KIND_ORDER = {kind: place for place, kind in enumerate((*KINDS, "source"))}
ITEM, SOURCE = "item", "source"


@dataclass(frozen=True)
class Text:
    """Something that can be found: of which item or source it is, and how people call it there."""

    of: tuple[str, int]
    text: str
    called: str
    at: str = ""  # the part's place in the item's document


@dataclass(frozen=True)
class Found:
    """One result. `text` is what was found in it, unless that is its name."""

    of: tuple[str, int]
    score: float
    called: str = ""
    text: str = ""
    at: str = ""
    name: str = ""
    kind: str = ""
    status: str = ""
    href: str = ""

    @property
    def kind_label(self) -> str:
        """What it is, as people call it."""
        return KINDS[self.kind].label if self.kind in KINDS else "Source"


@dataclass
class Results:
    """What was found. `instead` is the query that was looked for, if what was typed found nothing."""

    found: list[Found] = field(default_factory=list)
    instead: str = ""


def fold(text: str) -> str:
    """A text as it is compared: without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", kept.replace("ß", "ss").replace("’", "").replace("'", "")))


def score(query: str, text: str) -> float:
    """How sure it is that a text is meant; both are folded. 0 if it is not."""
    if not query or not text:
        return 0
    if query == text:
        return THE_SAME
    nearness = len(query) / (len(text) + len(query))
    if text.startswith(query):
        return BEGINS + nearness
    words = text.split()
    has_all = all(any(word.startswith(wanted) for word in words) for wanted in query.split())
    return HAS_THE_WORDS + nearness if has_all else 0


def search(typed: str, most: int = MOST) -> Results:
    """Everything that what was typed can mean, the surest first."""
    typed = typed.replace("\0", "").strip()[:LONGEST]
    if not fold(typed):
        return Results()
    texts = list(_texts())
    best = _best([*_named(fold(typed), texts), *_coded(typed), *_sentences(typed)])
    instead = "" if best else corrected(fold(typed), texts)
    if instead:
        best = _best(replace(found, score=found.score - GUESSED) for found in _named(instead, texts))
    ordered = sorted(best.values(), key=lambda found: -found.score)
    shown = list(_shown(ordered[: 2 * most]))
    shown.sort(key=lambda found: (-int(found.score), KIND_ORDER[found.kind], -found.score, found.name))
    return Results(shown[:most], instead)


def sources(typed: Iterable[str], most: int = MOST) -> list[list[int]]:
    """For each text, the keys of the sources that it can mean, the surest first: of the surest alone, if there are any
    that are meant by a whole name, a DOI or a PubMed ID."""
    texts = list(_texts_of_sources())
    answers = []
    for one in typed:
        best = _best(_named(fold(one[:LONGEST]), texts)).values()
        surest = max((int(found.score) for found in best), default=0)
        ordered = sorted(best, key=lambda found: (-found.score, found.of))
        answers.append([found.of[1] for found in ordered if surest < BEGINS or int(found.score) == surest][:most])
    return answers


def _best(found: Iterable[Found]) -> dict[tuple[str, int], Found]:
    best: dict[tuple[str, int], Found] = {}
    for one in found:
        if one.of not in best or best[one.of].score < one.score:
            best[one.of] = one
    return best


def _texts() -> Iterator[Text]:
    """Every name of everything, in few queries."""
    for key, name, slug in Item.objects.filter(is_practice=False).values_list("pk", "name", "slug"):
        yield Text((ITEM, key), name, "")
        yield Text((ITEM, key), slug, "address")
    for key, text in Condition.objects.exclude(abbreviation="").values_list("pk", "abbreviation"):
        yield Text((ITEM, key), text, "abbreviation")
    for key, text, place in Name.objects.values_list("item_id", "text", "position"):
        yield Text((ITEM, key), text, "also called", f"names-{place}")
    yield from _texts_of_sources()


def _texts_of_sources() -> Iterator[Text]:
    """Every name of every source, and all of it together: “Sherry 1999” is an author and a year."""
    named = ("pk", "title", "year", "slug", "organisation", "doi", "pmid", "authors")
    for key, title, year, slug, organisation, doi, pmid, authors in Source.objects.values_list(*named):
        yield Text((SOURCE, key), title, "")
        yield Text((SOURCE, key), " ".join(map(str, (*authors, organisation, year or "", title))), "")
        for text, called in ((slug, "address"), (organisation, "published by"), (doi, "DOI"), (pmid, "PubMed ID")):
            yield Text((SOURCE, key), text, called)
        for author in authors:
            yield Text((SOURCE, key), author, "author")


def _named(query: str, texts: list[Text]) -> list[Found]:
    scored = ((score(query, fold(one.text)), one) for one in texts)
    return [
        Found(one.of, sure - (one.called not in ("", "abbreviation")), one.called, one.text, one.at)
        for sure, one in scored
        if sure
    ]


def _coded(typed: str) -> list[Found]:
    """Items that have the code, those for which it is exact first."""
    code = re.sub(r"\W", "", typed).casefold()
    closeness = {match: rank for rank, match in enumerate(MATCHES)}
    stored = Coding.objects.exclude(code="").values_list("item_id", "code", "display", "match", "position")
    return [
        Found((ITEM, key), A_CODE - closeness[match], "code", f"{given} {display}", f"codings-{place}")
        for key, given, display, match, place in stored
        if re.sub(r"\W", "", given).casefold() == code
    ]


def _sentences(typed: str) -> list[Found]:
    """Items that say it: in these words, or with all of them."""
    words = [re.sub(r"(?<=\w{3})s$", "", word) for word in re.findall(r"[\w’'-]+", typed) if len(word) > 2][:12]
    if not words:
        return []

    def says(columns: tuple[str, ...], text: str) -> Q:
        return Q(**{f"{columns[0]}__icontains": text}) | Q(**{f"{columns[1]}__icontains": text})

    def sure(*texts: str) -> int:
        return SAYS if any(typed.casefold() in text.casefold() for text in texts) else SAYS_THE_WORDS

    columns = ("clinical", "plain")
    stated = Statement.objects.filter(reduce(and_, (says(columns, word) for word in words)))
    told = stated.values_list("item_id", *columns, "position")[:MOST_SENTENCES]
    found = [Found((ITEM, key), sure(*texts), "says", texts[0], f"statements-{at}") for key, *texts, at in told]
    columns = ("summary_clinical", "summary_plain")
    summed = Item.objects.filter(reduce(and_, (says(columns, word) for word in words)))
    summaries = summed.values_list("pk", *columns)[:MOST_SENTENCES]
    return found + [Found((ITEM, key), sure(*texts), "says", texts[0]) for key, *texts in summaries]


def corrected(query: str, texts: list[Text]) -> str:
    """The query with each word that is in no name put as the nearest one that is; empty if nothing is near."""
    known = {word for one in texts for word in fold(one.text).split()}
    words = [word if word in known else next(iter(nearest(word, known, cutoff=0.7)), "") for word in query.split()]
    return " ".join(words) if all(words) and " ".join(words) != query else ""


def _shown(found: list[Found]) -> Iterator[Found]:
    """The results with their names and links. What a code or a sentence is in leads to that part."""
    items = Item.objects.filter(**ACTIVE).in_bulk([key for sort, key in (one.of for one in found) if sort == ITEM])
    sources = Source.objects.in_bulk([key for sort, key in (one.of for one in found) if sort == SOURCE])
    for one in found:
        row: Any = (items if one.of[0] == ITEM else sources).get(one.of[1])
        if row is not None:
            page = reverse(f"admin:content_app_{row.kind.replace('_', '')}_change", args=[row.pk])
            yield replace(
                one,
                name=str(row),
                kind=row.kind,
                status=row.status,
                href=f"{page}#{one.at}" if one.at else page,
                text="" if one.called in ("", "address") else one.text,
            )


def narrowed(rows: QuerySet, sort: str, typed: str) -> QuerySet:
    """Those of the rows that are found, the surest first."""
    keys = [one.of[1] for one in search(typed, MOST_LISTED).found if one.of[0] == sort]
    surest = Case(*(When(pk=key, then=place) for place, key in enumerate(keys)), default=len(keys))
    return rows.filter(pk__in=keys).order_by(surest) if keys else rows.none()


class FindsItems:
    """Mix into a ModelAdmin of items: its list is searched like the desk."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """What the search of the desk finds, in the order of the list."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=narrowed(Item.objects.all(), ITEM, search_term).values("pk")), False


def view(request: HttpRequest) -> HttpResponse:
    """The page with what was found."""
    from django.contrib import admin

    if not request.user.has_perm("content_app.view_item"):
        raise PermissionDenied
    typed = request.GET.get("q", "").replace("\0", "")
    context = admin.site.each_context(request) | {"title": "Search", "typed": typed, "results": search(typed)}
    return TemplateResponse(request, "admin/content_app/search.html", context)
