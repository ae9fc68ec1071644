"""The feed of changes that a client keeps a copy current with."""

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import cursors, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.rest.changes import shapes
from content_app.delivery.store import changes, reading
from content_app.delivery.store.changes import ChangePosition
from content_app.vocabulary import release_numbers, terms

KINDS = [*terms.COLLECTIONS]
OF_ANOTHER_QUESTION = (
    "This token does not belong to this request. Use the address in `next` unchanged: a token is valid only with the "
    "same `kind` and `significance`. To start again, leave the token out or give `after_release`."
)
SET_BACK = (
    "Since this token was issued, the library has been restored to an earlier state and has changed from there. Leave "
    "`since` out and read everything again."
)
KEEPING_UP = (
    "Every version of every document, in the order of publication. Nothing is missed or repeated, even if something "
    "is published while you read.\n\nTo read the whole history, start without `since`. To start from an export, use "
    "`after_release`. Apply each page, then store `token` with your copy. While `is_more` is true, request `next` at "
    "once; after that, request it from time to time. If nothing is new, you get a 304. A token is valid only with "
    "the same `kind` and `significance`. Withdrawals are always included, whatever you filter by."
)


class ChangeListView(ReadView):
    """Every version of every document, in the order in which they were published."""

    operation = Operation(
        "list_changes",
        "changes",
        "Keep a copy up to date",
        KEEPING_UP,
        shapes.ChangePageSerializer,
        describes={
            "since": (
                {"type": "string", "maxLength": 500},
                "The `token` from the previous page. Only later changes are returned.",
            ),
            "after_release": (
                release_numbers.SCHEMA,
                "Only changes after this release, for example one that you exported. Do not combine it with `since`.",
            ),
            "kind": (
                parameters.several_of(terms.COLLECTIONS),
                "Only changes to these kinds of documents, and all withdrawals.",
            ),
            "significance": (
                parameters.several_of(terms.SIGNIFICANCES),
                "Only changes of one of these significances, and all withdrawals.",
            ),
        },
        example="list_changes",
    )

    several = ("kind", "significance")
    known_parameters = ("since", "after_release", "kind", "significance", "page_size", *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = request.query_params
        page_size = paging.size_asked_for(query, usual=paging.LARGEST_PAGE)
        kinds = parameters.values_of(query, "kind", KINDS)
        significances = parameters.values_of(query, "significance", terms.SIGNIFICANCES)
        asked = {"changes": "", "kind": ",".join(kinds), "significance": ",".join(significances)}
        moment = self.moment()
        place = place_asked_for(query, asked)
        rows = changes.page(changes.wanted(kinds, significances), place, moment, page_size + 1)
        is_more = len(rows) > page_size
        rows = rows[:page_size]
        ends = {row["first_release"] for row in rows[-1:]} if is_more else {moment.release}
        known = changes.marks({place.release, *ends})
        refuse_other_history(place, known, moment)
        token = encode(changes.place_behind(rows if is_more else [], place, moment, known), asked)
        following = query.copy()
        following.pop("after_release", None)
        following["since"] = token
        body = {
            "release": moment.release,
            "token": token,
            "next": f"{request.path}?{following.urlencode()}",
            "is_more": is_more,
            "results": [changes.to_change(row) for row in rows],
        }
        return answer(request, compact_json(body), moment=moment)


def place_asked_for(query, asked: dict[str, str]) -> ChangePosition:
    """Where to begin: behind the token in `since`, behind a release, or at the beginning. Raises 400 or 404."""
    if "since" in query and "after_release" in query:
        raise invalid("after_release", "Give either since or after_release, not both.")
    if "since" in query:
        return decode(query["since"], asked)
    if "after_release" not in query:
        return changes.BEGINNING
    return changes.after_release(parameters.published(parameters.release_number(query, "after_release")).release, "")


def refuse_other_history(place: ChangePosition, known: dict[int, str], moment: reading.Moment) -> None:
    """Refuse a token of releases that are no longer what they were when it was given."""
    if place.mark and place.release <= moment.release and known.get(place.release) != place.mark:
        raise invalid("since", SET_BACK)


def encode(place: ChangePosition, asked: dict[str, str]) -> str:
    return cursors.encode(cursors.Cursor(place.release, (place.document, place.mark)), asked)


def decode(token: str, asked: dict[str, str]) -> ChangePosition:
    """The place that a token stands for. Raises `Problem` (400)."""
    try:
        cursor = cursors.decode(token, asked, (int, str))
    except Problem:
        raise invalid("since", OF_ANOTHER_QUESTION)
    document, mark = cursor.key
    if not 0 <= document <= changes.WHOLE_RELEASE or len(mark) != changes.MARK_LENGTH:
        raise invalid("since", OF_ANOTHER_QUESTION)
    return ChangePosition(cursor.release, document, mark)
