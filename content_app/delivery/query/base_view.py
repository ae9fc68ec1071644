"""What all views of the read side share: GET, HEAD and OPTIONS, strict parameters, one moment per read."""

import re
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from rest_framework.request import Request
from rest_framework.views import APIView

from content_app.delivery.http import languages
from content_app.delivery.http.elsewhere import Elsewhere, with_query
from content_app.delivery.http.problems import Problem
from content_app.delivery.http.renderers import ByWeight, JSONRenderer
from content_app.delivery.query import parameters
from content_app.delivery.query.tracking import without_tracking
from content_app.delivery.store.reading import Moment

MOMENT_PARAMETERS = ("release", "as_of")
READ_PARAMETERS = (*MOMENT_PARAMETERS, languages.PARAMETER)


class ReadView(APIView):
    """A view that only reads. `known_parameters` are all query parameters it takes, moments and language included.

    Of a view `is_for_people`, links are shared; what tracks them is passed over.
    """

    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]
    renderer_classes: ClassVar[list[type]] = [JSONRenderer]
    content_negotiation_class = ByWeight
    known_parameters: ClassVar[tuple[str, ...]] = READ_PARAMETERS
    is_for_people = False
    labelled: ClassVar[Callable[[dict[str, Any]], dict[str, Any]] | None] = None  # puts labels beside codes of an entry
    several: ClassVar[tuple[str, ...]] = ()  # the parameters that take several values, with commas or repeated

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.join(request)
        if any("\x00" in part for part in kwargs.values() if isinstance(part, str)):
            raise Problem("not-found", "There is nothing at this address.")  # PostgreSQL stores no such text
        if request.method != "OPTIONS":
            self.check(request.query_params)
        for part in kwargs.values():
            if isinstance(part, uuid.UUID) and str(part) not in request.path:
                usual = re.sub(str(part), str(part), request.path, flags=re.IGNORECASE)
                raise Elsewhere(with_query(request, usual))

    def join(self, request: Request) -> None:
        """From here on, several values of a parameter are one text with commas in it, however they were sent."""
        request._request.GET = parameters.joined(request.query_params, self.several)

    def check(self, query: QueryDict) -> None:
        """Raises `Problem` (400) for parameters that are not known here, and for a language that is not."""
        asked = without_tracking(query) if self.is_for_people else query
        parameters.refuse_unknown(asked, self.get_known_parameters())
        if languages.PARAMETER in query:
            languages.require(query[languages.PARAMETER])

    def get_known_parameters(self) -> tuple[str, ...]:
        return self.known_parameters

    def moment(self) -> Moment:
        """The release that this read is answered from."""
        return parameters.moment(self.request.query_params)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What can be done here, without a body."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})
