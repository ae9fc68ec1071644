"""Every version that an item has had."""

import uuid

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem
from content_app.delivery.query import paging
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.delivery.rest.changes import shapes as changes_shapes
from content_app.delivery.store.entries import VERSION_COLUMNS, version_entry
from content_app.models.publication import Document


class VersionListView(ReadView):
    """The versions of an item up to a release, newest first; a withdrawal is a version too."""

    operation = Operation(
        "list_versions",
        "items",
        "List the versions of an item",
        "All versions of the item, newest first, each with the publisher's note on the change. A withdrawal counts "
        "as a version.",
        changes_shapes.VersionPage,
        is_found_by_name=True,
        example="list_versions",
    )

    known_parameters = (*PAGE_PARAMETERS, *READ_PARAMETERS)

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        page = paging.asked_for(self, ("-version",))
        versions = Document.objects.filter(item_uuid=item_id, first_release__lte=page.moment.release)
        rows, onward = page.of(versions.exclude(kind="source"), *VERSION_COLUMNS)
        if not rows:
            raise Problem("not-found", f"Release {page.moment.release} has no item {item_id}.")
        return page.answer([compact_json(version_entry(item_id, row, page.moment.release)) for row in rows], onward)
