"""The addresses of the tests of selection: a document view as it will be, and the batch."""

from django.urls import path

from content_app.delivery import reading
from content_app.delivery.responses import answer
from content_app.delivery.selection_views import (
    SELECTION_PARAMETERS,
    BatchView,
    chosen_body,
)
from content_app.delivery.views.base import MOMENT_PARAMETERS, ReadView


class ConditionView(ReadView):
    """What the product's view does once it knows of selections."""

    known_parameters = (*MOMENT_PARAMETERS, *SELECTION_PARAMETERS)

    def get(self, request, slug):
        moment = self.moment()
        stored = reading.by_slug(moment, "condition", slug)
        body = chosen_body(request.query_params, stored.body, moment) or stored.body
        return answer(request, body, moment=moment, last_modified=stored.published_at)


urlpatterns = [
    path("api/v1/conditions/<str:slug>/", ConditionView.as_view()),
    path("api/v1/items/", BatchView.as_view()),
]
