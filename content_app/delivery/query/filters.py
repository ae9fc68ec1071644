"""What lists can be narrowed by: declared once, for reading and for OpenAPI.

In: query parameters and the documents of a release. Out: those that fit, in a total order. django-filter checks the
values; that nothing unknown is passed over is `parameters.refuse_unknown`.
"""

import json
import re
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.query import addressed, parameters
from content_app.delivery.store import examples, reading
from content_app.delivery.store.coded import CODED_SYSTEMS, own_codes_in, terms_of
from content_app.models.publication import Document, IndexTerm
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.code_systems import SYSTEM_NAMES, system_named
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import choices

# The identifier breaks every tie: each order is total.
ORDERINGS = {
    "name": ("sort_name", "item_uuid"),
    "-name": ("-sort_name", "-item_uuid"),
    "updated": ("first_release", "item_uuid"),
    "-updated": ("-first_release", "-item_uuid"),
}

# Few documents have one code, or are related to one item: these are looked up, whatever else is asked for.
LOOKED_UP = ("code", "related", "condition")

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# How an item is named in a parameter. What is not in the pattern may be understood too.
NAME_PATTERN = f"^(({'|'.join(vocabulary.COLLECTIONS.values())})/)?[A-Za-z0-9-]+$"
NAMED = "given by identifier, address, slug or abbreviation, such as `AMPS` or `concepts/cause-unknown`."
PLAIN = "[!-{}~]+"  # printable ASCII without the bar: how codes are written
# Only dots are escaped: what Python escapes besides is an error in other dialects (ECMA-262, with the u flag).
SYSTEM_PATTERN = "|".join(name.replace(".", "\\.") for name in SYSTEM_NAMES)
CODE_PATTERN = f"^(({SYSTEM_PATTERN})[|])?{PLAIN}$"

# Schemas for OpenAPI of those parameters that are more than text or a choice.
PARAMETER_SCHEMAS = {
    "updated_since": {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
    "related": {"type": "string", "maxLength": 500, "pattern": NAME_PATTERN},
    "code": {"type": "string", "maxLength": 500, "pattern": CODE_PATTERN},
    "source": {"type": "string", "maxLength": 120, "pattern": "^[A-Za-z0-9-]+$"},
    "condition": {"type": "string", "maxLength": 120, "pattern": "^[A-Za-z0-9-]+$"},
}


class SomeWords(forms.Field):
    """Words of a vocabulary with commas between them."""

    def __init__(self, *, choices: list[tuple[str, str]], **kwargs: Any):
        super().__init__(**kwargs)
        self.choices = choices

    def unknown(self, value: str) -> str:
        """The first word that is none; empty if all are."""
        known = dict(self.choices)
        return next((word for word in value.split(parameters.SEPARATOR) if word not in known), "")

    def clean(self, value: str | None) -> list[str]:
        words = value.split(parameters.SEPARATOR) if value else []
        if not {*words} <= {*dict(self.choices)}:
            raise forms.ValidationError("")  # `narrowed` says what would be right
        return words


class WordsFilter(django_filters.Filter):
    """What has one of the words chosen."""

    field_class = SomeWords

    def __init__(self, given: list[tuple[str, str]], label: str, **kwargs: Any):
        super().__init__(choices=given, label=label, **kwargs)


class TermFilter(WordsFilter):
    """Documents that have an index term of this name with one of the values chosen."""

    def __init__(self, name: str, terms: Any, label: str):
        super().__init__(choices(terms), label, field_name=name)

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return reading.with_common_term(qs, self.field_name, *value) if value else qs


class DocumentFilters(django_filters.FilterSet):
    """What every list of documents can be narrowed by."""

    ordering = django_filters.ChoiceFilter(
        choices=[(key, key) for key in ORDERINGS],
        method="keep",
        label="The order of the list: by `name` (ignoring case and accents) or by `updated` (the release of the last "
        "change). Put a minus sign in front to reverse it. Ties are ordered by identifier.",
        empty_label=None,
    )
    updated_since = django_filters.CharFilter(
        method="changed_since",
        label="Only documents that changed on or after a day (`2026-03-01`, from midnight UTC) or a time "
        "(`2026-03-01T09:30:00Z`).",
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def __init__(self, data, queryset, *, moment: reading.Moment):
        self.moment = moment
        super().__init__(data=data, queryset=queryset)

    @classmethod
    def several(cls) -> tuple[str, ...]:
        """The names of those that take several values."""
        return tuple(name for name, each in cls.base_filters.items() if isinstance(each, WordsFilter))

    def keep(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        return qs

    def changed_since(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        since = parameters.instant(value, name, end_of_day=False)
        return qs.filter(first_release__published_at__gte=since)

    def narrowed(self) -> QuerySet:
        """The documents that fit. Raises `Problem` (400) that names each parameter that is wrong."""
        empty = [name for name, value in self.data.items() if name in self.form.fields and not value.strip()]
        if empty:
            raise invalid(empty[0], f"Give {empty[0]} a value, or leave it out{self._known_values(empty[0])}")
        if not self.form.is_valid():
            errors = [{"parameter": name, "detail": self._what_would_be_right(name)} for name in self.form.errors]
            raise Problem(
                "invalid-parameter", " ".join(f"{e['parameter']}: {e['detail']}" for e in errors), errors=errors
            )
        return self.qs

    def _what_would_be_right(self, name: str) -> str:
        value, field = str(self.data.get(name, "")), self.form.fields[name]
        value = (field.unknown(value) if isinstance(field, SomeWords) else value)[:60]
        return f"“{value}” is not a valid value{self._known_values(name, value)}"

    def _known_values(self, name: str, value: str = "") -> str:
        field = self.form.fields[name]
        known = [str(code) for code, _ in field.choices if code] if hasattr(field, "choices") else []
        return parameters.hint(value, known) if known else "."


class ItemFilters(DocumentFilters):
    """What every list of items can be narrowed by."""

    aspect = TermFilter("aspect", vocabulary.ASPECTS, "Only items with a statement on one of these aspects.")
    layer = TermFilter("layer", vocabulary.LAYERS, "Only items with a statement from one of these layers.")
    code = django_filters.CharFilter(
        method="coded",
        label="Only items with this code, such as `M79.7`, or `icd-10-cm|M79.7` to include the code system.",
    )
    related = django_filters.CharFilter(
        method="related_to",
        label=f"Only items related, in either direction, to this item, {NAMED}",
    )
    predicate = WordsFilter(
        [(p.code, p.label) for p in PREDICATES.values()],
        "Only items with a relation of one of these types to another item. With `related`, only these types count.",
        method="with_predicate",
    )
    source = django_filters.CharFilter(method="citing", label=f"Only items that cite this source, {NAMED}")

    def coded(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        given, bar, code = value.rpartition("|")
        system = system_named(given) if bar else None
        if bar and system is None:
            raise invalid(name, f"“{given}” is not a known code system{parameters.hint(given, CODED_SYSTEMS)}")
        refuse_what_is_no_code(code, name)
        asked = [(key, code) for key in ([system.key] if system else CODED_SYSTEMS)]
        return reading.with_either(qs, list(own_codes_in(asked, self.moment)), "code", *terms_of(asked))

    def citing(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        return reading.with_common_term(qs, "source", addressed.one(value, name, self.moment, ("source",)).slug)

    def related_to(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        other = addressed.one(value, name, self.moment).item_uuid
        predicates = self.form.cleaned_data["predicate"]
        term, prefixes = ("edge", [f"{predicate}|" for predicate in predicates]) if predicates else ("object", [""])
        from_it = IndexTerm.objects.filter(
            document__in=reading.living(self.moment).filter(item_uuid=other), name=term
        ).values_list("value", flat=True)
        ends = [end.removeprefix(prefix) for end in from_it for prefix in prefixes if end.startswith(prefix)]
        return reading.with_either(qs, ends, term, *(f"{prefix}{other}" for prefix in prefixes))

    def with_predicate(self, qs: QuerySet, name: str, value: list[str]) -> QuerySet:
        return qs if "related" in self.data or not value else reading.with_common_term(qs, "predicate", *value)


def refuse_what_is_no_code(code: str, parameter: str) -> None:
    """Raises `Problem` (400) for what cannot be a code in any system."""
    if not re.fullmatch(PLAIN, code):
        raise invalid(parameter, "Give a code such as M79.7, without spaces.")


class ConditionFilters(ItemFilters):
    cause_status = TermFilter(
        "cause_status", vocabulary.CAUSE_STATUSES, "Only conditions with one of these cause statuses."
    )


class ConceptFilters(ItemFilters):
    topic = TermFilter("topic", vocabulary.TOPICS, "Only concepts with one of these topics.")
    subtopic = TermFilter("subtopic", vocabulary.SUBTOPICS, "Only concepts with one of these subtopics.")


class SymptomTypeFilters(ItemFilters):
    category = TermFilter("category", vocabulary.CATEGORIES, "Only symptom types in one of these categories.")
    observation = TermFilter("observation", vocabulary.OBSERVATIONS, "Only symptom types noticed in one of these ways.")


class ExampleFilters(ItemFilters):
    form = TermFilter("form", vocabulary.FORMS, "Only examples of one of these forms.")
    condition = django_filters.CharFilter(
        method="of_condition",
        label=f"Only examples that illustrate this condition or something it is related to, {NAMED}",
    )

    def of_condition(self, qs: QuerySet, name: str, value: str) -> QuerySet:
        condition = addressed.one(value, name, self.moment, ("condition",))
        stored = reading.by_slug(self.moment, "condition", condition.slug)
        if stored is None or stored.tombstone_reason:
            raise addressed.nothing_there(name, f"Release {self.moment.release} has no condition “{value}”.")
        return examples.among(qs, json.loads(stored.body))


class SourceFilters(DocumentFilters):
    type = TermFilter("type", vocabulary.SOURCE_TYPES, "Only sources of one of these types, such as guidelines.")
    evidence_level = TermFilter(
        "evidence_level", vocabulary.EVIDENCE_LEVELS, "Only sources with one of these levels of evidence."
    )
