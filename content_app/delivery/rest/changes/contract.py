"""What OpenAPI says of the addresses that keep a copy in step: one entry a view.

In: nothing. Out: `SYNC_OPERATIONS`, by the name of the view. The shapes stand in `shapes_sync`,
`shapes_selection` and `comparison_shapes`.
"""

from content_app.delivery.query import selection
from content_app.delivery.query.filters import UUID_PATTERN
from content_app.delivery.rest import selection_shapes
from content_app.delivery.rest.changes import shapes as shapes_sync
from content_app.delivery.rest.compare import shapes as comparison_shapes
from content_app.delivery.rest.contract import Operation
from content_app.delivery.rest.selection import ITEM_KINDS, fields_of
from content_app.vocabulary import terms
from content_app.vocabulary.predicates import PREDICATES

UUID = {"type": "string", "pattern": f"^{UUID_PATTERN}$"}


def words(known: list[str]) -> dict:
    """The schema of some of these words, with commas between them."""
    one = "|".join(known)
    return {"type": "string", "maxLength": 500, "pattern": f"^({one})(,({one}))*$"}


def selection_of(*kinds: str) -> dict[str, tuple[dict, str]]:
    """The parameters by which readers choose what comes back of documents of these kinds; no kind: of any item."""
    return {
        "fields": (
            words(fields_of(*(kinds or ITEM_KINDS))),
            "Only these fields, with commas between them. What must be shown with the content stays.",
        ),
        "audience": ({"type": "string", "enum": list(selection.AUDIENCES)}, "Only the texts for this audience."),
        "text": (
            {"type": "string", "enum": list(selection.TEXTS), "default": "plain"},
            "Prose as plain text, as CommonMark or as HTML (paragraphs and line breaks, the rest escaped).",
        ),
        "include": (
            words([selection.RELATED, *PREDICATES]),
            "With the documents that its relations lead to, each once: `related` for all of them, or predicates. At "
            f"most {selection.MOST_INCLUDED}; `included_left_off` says how many were left off.",
        ),
    }


KEEPING_UP = (
    "Every version of every document, in the order in which they were published: none is left out and none comes "
    "twice, whatever is published while you read.\n\nBegin without `since` for the whole history, or take the export "
    "of a release and begin with `after_release`. Apply each page, then keep `token` with your copy; ask `next` again "
    "at once while `is_more`, else from time to time: with nothing new it costs you a 304. A token belongs to its "
    "`kind` and `significance`. Withdrawals come whatever you narrow to."
)
FILE = (
    "\n\nThe file never changes. Resume with `Range` and `If-Range`. While it is being prepared, the answer is 503 "
    "with `Retry-After`."
)

SYNC_OPERATIONS = {
    "VersionListView": Operation(
        "list_versions", "items", "List the versions of an item",
        "Every version that the item has had, newest first, with what its publisher says has changed. A withdrawal "
        "is a version too.",
        shapes_sync.VersionPage, is_found_by_name=True, example="list_versions",
    ),
    "ReleaseCompareView": Operation(
        "compare_releases", "releases", "Compare two releases",
        "The items that differ from release a to release b, in either order: b before a gives the inverse. "
        "`changes` tells them field by field and statement by statement, prose word by word; `patch` (RFC 6902) "
        "applied to the document in a gives that in b, null standing for a document that is not there.",
        comparison_shapes.ReleaseComparisonSerializer, is_found_by_name=True,
        describes={
            "item": (UUID, "Only this item."),
            "show": (
                {"type": "string", "enum": ["changes", "patch", "list"], "default": "changes"},
                "What to tell of each item: what differs, a JSON Patch, or only that it differs.",
            ),
        },
        example="compare_releases",
    ),
    "ConditionCompareView": Operation(
        "compare_conditions", "conditions", "Compare two conditions",
        "What two conditions share and where they differ, row by row, each with its citations. The two the other "
        "way round give the mirror image.\n\nNothing is ranked: this is no differential diagnosis. Where only one "
        "of them mentions something, the other may have it too. Show `disclaimer` and the notices of both.",
        comparison_shapes.ConditionComparisonSerializer, is_found_by_name=True, can_be_withdrawn=True,
        example="compare_conditions",
    ),
    "ChangeListView": Operation(
        "list_changes", "changes", "Keep a copy current", KEEPING_UP, shapes_sync.ChangePageSerializer,
        describes={
            "since": ({"type": "string", "maxLength": 500}, "Where to begin: the `token` of the page before."),
            "after_release": (
                {"type": "integer", "minimum": 1, "maximum": 2147483647},
                "Begin behind this release, of which you have an export. Not together with `since`.",
            ),
            "kind": (
                {"type": "string", "enum": list(terms.COLLECTIONS)}, "Only this kind, and every withdrawal."
            ),
            "significance": (
                {"type": "string", "enum": list(terms.SIGNIFICANCES)},
                "Only changes of this significance, and every withdrawal.",
            ),
        },
        example="list_changes",
    ),
    "CheckView": Operation(
        "check_copies", "changes", "Check copies that you hold",
        "Says of up to 1,000 copies whether each is what readers now see, how significant what you missed is, and "
        "what was withdrawn. It changes nothing; it is POST because the question is long.",
        shapes_sync.CheckedCopiesSerializer, body=shapes_sync.CHECK_REQUEST, example="check_copies",
    ),
    "ExportView": Operation(
        "get_export", "releases", "What there is to export of a release",
        "The files that hold everything that is current in the release, and where the key of their signature is.",
        shapes_sync.ExportSerializer, is_found_by_name=True, example="get_export",
    ),
    "NdjsonExportView": Operation(
        "export_documents", "releases", "Export a release as lines of JSON",
        "Every document that is current in the release, one a line, as stored, by identifier; withdrawn ones say "
        f"so.{FILE}",
        shapes_sync.ExportSerializer, is_file=True, is_found_by_name=True,
    ),
    "BundleExportView": Operation(
        "export_bundle", "releases", "Export a release as a signed bundle",
        "A ZIP file with `documents.ndjson`, `index.ndjson`, `LICENCE.txt`, `README.txt`, `manifest.json` and "
        "`manifest.json.sig`, an Ed25519 signature over the manifest. The README holds ten lines of Python that "
        f"check it; so does `manage.py verify_bundle`.{FILE}",
        shapes_sync.ExportSerializer, is_file=True, is_found_by_name=True,
    ),
    "ReleaseFeedView": Operation(
        "feed_releases", "releases", "Atom feed of releases",
        "The last 50 releases, newest first, as Atom (RFC 4287); the category of an entry is its significance.",
        shapes_sync.ExportSerializer,
    ),
    "ChangeFeedView": Operation(
        "feed_changes", "changes", "Atom feed of changes",
        "The last 100 changes, newest first, as Atom (RFC 4287): to be told by a feed reader. To keep a copy, use "
        "`/api/v1/changes/`, which leaves nothing out.",
        shapes_sync.ExportSerializer,
    ),
    "SigningKeyView": Operation(
        "list_signing_keys", "releases", "The keys of signatures",
        "The public keys that bundles are signed with, and were: a bundle that you have kept can be checked after the "
        "key was changed. Take the keys once, over HTTPS, and keep them: a key that comes with each bundle would prove "
        "nothing.",
        shapes_sync.SigningKeysSerializer,
    ),
    "BatchView": Operation(
        "list_items", "items", "Read many items at once",
        "Up to a hundred items of any kind by their identifiers, in the order asked for, each once. Those that were "
        "withdrawn and those that are not known are told apart.",
        shapes_sync.BatchSerializer, selection_shapes.SelectedBatchSerializer, required=("ids",),
        describes={
            "ids": (
                {"type": "string", "maxLength": 3699, "pattern": f"^{UUID_PATTERN}(,{UUID_PATTERN}){{0,99}}$"},
                "The identifiers, with commas between them.",
            ),
            **{name: told for name, told in selection_of().items() if name != "include"},
        },
    ),
}  # fmt: skip
