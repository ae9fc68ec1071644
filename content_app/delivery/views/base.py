"""What all views of the read side share: GET, HEAD and OPTIONS, strict parameters, one moment per read."""

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from content_app.delivery import parameters
from content_app.delivery.problems import Problem
from content_app.delivery.reading import Moment
from content_app.delivery.renderers import JSONRenderer

MOMENT_PARAMETERS = ("release", "as_of")


class ReadView(APIView):
    """A view that only reads. `known_parameters` are all query parameters it takes, moments included."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]
    renderer_classes: ClassVar[list[type]] = [JSONRenderer]
    known_parameters: ClassVar[tuple[str, ...]] = MOMENT_PARAMETERS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\x00" in part for part in kwargs.values() if isinstance(part, str)):
            raise Problem("not-found", "There is nothing at this address.")  # PostgreSQL stores no such text
        if request.method != "OPTIONS":
            parameters.refuse_unknown(request.query_params, self.get_known_parameters())

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple:
        """As DRF does, but an empty `Accept` means no preference, as if it were not sent."""
        if not request.META.get("HTTP_ACCEPT", "").strip():
            request.META["HTTP_ACCEPT"] = "*/*"
        return super().perform_content_negotiation(request, force)

    def get_known_parameters(self) -> tuple[str, ...]:
        return self.known_parameters

    def moment(self) -> Moment:
        """The release that this read is answered from."""
        return parameters.moment(self.request.query_params)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """What can be done here, without a body."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})
