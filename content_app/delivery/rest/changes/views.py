"""The feed of changes that a client keeps a copy current with."""

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import cursors, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.rest.changes import since as changes
from content_app.delivery.rest.changes.since import Place
from content_app.delivery.store import reading
from content_app.vocabulary import terms

KINDS = [*terms.COLLECTIONS]
OF_ANOTHER_QUESTION = (
    "This is no token for this question. Take the address in `next` as it is: a token belongs to one `kind` and one "
    "`significance`. To begin anew, leave it out or give `after_release`."
)
SET_BACK = (
    "Since this token was given, the library was set back to an earlier state and went another way from there. Read "
    "everything anew: leave `since` out."
)


class ChangeListView(ReadView):
    """Every version of every document, in the order in which they were published."""

    known_parameters = ("since", "after_release", "kind", "significance", "page_size", *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = request.query_params
        page_size = paging.size_asked_for(query, usual=paging.LARGEST_PAGE)
        kind = one_of(query, "kind", KINDS)
        significance = one_of(query, "significance", terms.SIGNIFICANCES)
        asked = {"changes": "", "kind": kind or "", "significance": significance or ""}
        moment = self.moment()
        place = place_asked_for(query, asked)
        rows = changes.page(changes.wanted(kind, significance), place, moment, page_size + 1)
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


def one_of(query, name: str, known) -> str | None:
    """A parameter that takes one of some words. Raises `Problem` (400)."""
    value = query.get(name)
    if value is not None and value not in known:
        raise invalid(name, f"“{value[:60]}” is not a value of it{parameters.nearest(value, known)}")
    return value


def place_asked_for(query, asked: dict[str, str]) -> Place:
    """Where to begin: behind the token in `since`, behind a release, or at the beginning. Raises 400 or 404."""
    if "since" in query and "after_release" in query:
        raise invalid("after_release", "Give either since or after_release, not both.")
    if "since" in query:
        return decode(query["since"], asked)
    if "after_release" not in query:
        return changes.BEGINNING
    number = parameters.whole_number(query, "after_release", default=0, least=1, most=parameters.LARGEST_RELEASE)
    if reading.moment_of_release(number) is None:
        raise Problem("nothing-published", f"There is no release {number}.")
    return changes.after_release(number, "")


def refuse_other_history(place: Place, known: dict[int, str], moment: reading.Moment) -> None:
    """Refuse a token of releases that are no longer what they were when it was given."""
    if place.mark and place.release <= moment.release and known.get(place.release) != place.mark:
        raise invalid("since", SET_BACK)


def encode(place: Place, asked: dict[str, str]) -> str:
    return cursors.encode(cursors.Cursor(place.release, (place.document, place.mark)), asked)


def decode(token: str, asked: dict[str, str]) -> Place:
    """The place that a token stands for. Raises `Problem` (400)."""
    try:
        cursor = cursors.decode(token, asked, (int, str))
    except Problem:
        raise invalid("since", OF_ANOTHER_QUESTION)
    document, mark = cursor.key
    if not 0 <= document <= changes.WHOLE_RELEASE or len(mark) != changes.MARK_LENGTH:
        raise invalid("since", OF_ANOTHER_QUESTION)
    return Place(cursor.release, document, mark)
