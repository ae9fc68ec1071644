"""What views need to let readers choose what comes back, and reading many items at once."""

import json
from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from rest_framework.views import APIView

from content_app.canonical import compact_json
from content_app.delivery.http.problems import invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import parameters, selection
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.selection import RELATED, Selection
from content_app.delivery.store import reading
from content_app.serializers import DOCUMENT_SERIALIZERS
from content_app.vocabulary.predicates import PREDICATES

BATCH_PARAMETERS = ("fields", "audience", "text")
SELECTION_PARAMETERS = (*BATCH_PARAMETERS, "include")
MOST_ITEMS = 100
ITEM_KINDS = tuple(kind for kind in DOCUMENT_SERIALIZERS if kind != "source")


@cache
def fields_of(*kinds: str) -> list[str]:
    """The names of all fields of these kinds of documents."""
    return list(dict.fromkeys(name for kind in kinds for name in DOCUMENT_SERIALIZERS[kind]().get_fields()))


def selection_asked_for(query: QueryDict, *kinds: str) -> Selection | None:
    """What a request chooses of documents of these kinds; None if nothing. Raises `Problem` (400)."""
    if not any(name in query for name in SELECTION_PARAMETERS):
        return None
    return Selection(
        fields=_words(query, "fields", fields_of(*kinds)),
        audience=_word(query, "audience", selection.AUDIENCES),
        text=_word(query, "text", selection.TEXTS) or "plain",
        include=_words(query, "include", [RELATED, *PREDICATES]),
    )


def _word(query: QueryDict, name: str, known) -> str | None:
    value = query.get(name)
    if value is not None and value not in known:
        raise invalid(name, f"“{value[:60]}” is not a value of it{parameters.nearest(value, known)}")
    return value


def _words(query: QueryDict, name: str, known: list[str]) -> tuple[str, ...]:
    """Words with commas between them, each of them known."""
    if name not in query:
        return ()
    words = tuple(query[name].split(","))
    for word in words:
        if word not in known:
            raise invalid(name, f"“{word[:60]}” is not a value of it{parameters.nearest(word, known)}")
    return words


def chosen_body(query: QueryDict, stored: bytes, moment: reading.Moment, *kinds: str) -> bytes | None:
    """What a request chooses of a stored document; None if it wants it as it is. Raises `Problem` (400).

    It may name the fields of all the kinds that there may be at the address.
    """
    if not any(name in query for name in SELECTION_PARAMETERS):
        return None
    document = json.loads(stored)
    return selected_body(document, selection_asked_for(query, *kinds), moment)


def selected_body(document: dict[str, Any], chosen: Selection, moment: reading.Moment) -> bytes:
    """What a selection leaves of a document, with the related documents that it asks for: one query more."""
    body = selection.selected(document, chosen)
    if chosen.include:
        wanted = selection.related(document, chosen.include)
        taken = wanted[: selection.MOST_INCLUDED]
        found = bodies_of(taken, moment)
        known = [json.loads(found[key][0]) for key in taken if key in found and not found[key][1]]
        plain = Selection((), chosen.audience, chosen.text)
        body = body | {
            "included": [selection.selected(one, plain) for one in known],
            "included_left_off": len(wanted) - len(taken),
        }
    return compact_json(body)


def bodies_of(identifiers: list[str], moment: reading.Moment) -> dict[str, tuple[bytes, str]]:
    """Body and reason of withdrawal of the items that there are, by identifier: one query."""
    rows = reading.documents(moment).filter(item_uuid__in=identifiers).exclude(kind="source")
    return {
        str(item_uuid): (bytes(body), reason)
        for item_uuid, body, reason in rows.values_list("item_uuid", "body", "tombstone_reason")
    }


class BatchView(ReadView):
    """Up to a hundred items of any kind by their identifiers, in the order asked for, each once."""

    known_parameters: ClassVar[tuple[str, ...]] = ("ids", *BATCH_PARAMETERS, *READ_PARAMETERS)

    def initial(self, request, *args: Any, **kwargs: Any) -> None:
        """As for all views, but `ids` may be as long as a hundred identifiers are."""
        APIView.initial(self, request, *args, **kwargs)
        if request.method != "OPTIONS":
            query = request.query_params.copy()
            if len(query.getlist("ids")) == 1:
                query["ids"] = "".join(query["ids"].split(","))[:100]
            self.check(query)

    def get(self, request) -> HttpResponse:
        chosen = selection_asked_for(request.query_params, *ITEM_KINDS) or Selection()
        wanted = identifiers(request.query_params)
        moment = self.moment()
        found = bodies_of(wanted, moment)
        documents, graves = [], []
        for body, reason in (found[key] for key in wanted if key in found):
            document = json.loads(body)
            (graves if reason else documents).append(document if reason else selection.selected(document, chosen))
        body = {
            "release": moment.release,
            "results": documents,
            "withdrawn": graves,
            "unknown": [key for key in wanted if key not in found],
        }
        return answer(request, compact_json(body), moment=moment)


def identifiers(query: QueryDict) -> list[str]:
    """The identifiers in `ids`, each once. Raises `Problem` (400)."""
    given = query.get("ids", "").split(",")
    if "ids" not in query or len(given) > MOST_ITEMS:
        raise invalid("ids", f"Give up to {MOST_ITEMS} identifiers, with commas between them.")
    return list(dict.fromkeys(parameters.identifier(value, "ids") for value in given))
