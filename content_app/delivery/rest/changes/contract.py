"""What OpenAPI says of the addresses that keep a copy in step: one entry a view.

In: nothing. Out: `SYNC_OPERATIONS`, by the name of the view. The shapes stand in `shapes_sync`,
`shapes_selection` and `comparison_shapes`.
"""

from content_app.delivery.query import selection
from content_app.delivery.query.filters import UUID_PATTERN
from content_app.delivery.query.selecting import ITEM_KINDS, fields_of
from content_app.delivery.rest import selection_shapes
from content_app.delivery.rest.changes import shapes as shapes_sync
from content_app.delivery.rest.compare import shapes as comparison_shapes
from content_app.delivery.rest.contract import Operation
from content_app.vocabulary import release_numbers, terms
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
            "Only these fields, separated by commas. Fields that must be shown with the content are always included.",
        ),
        "audience": (
            {"type": "string", "enum": list(selection.AUDIENCES)},
            "Only the texts written for this audience.",
        ),
        "text": (
            {"type": "string", "enum": list(selection.TEXTS), "default": "plain"},
            "The format of prose: plain text, CommonMark, or HTML with paragraphs and line breaks only.",
        ),
        "include": (
            words([selection.RELATED, *PREDICATES]),
            "Also include the documents that the item's relations lead to, each once. Give `related` for all of them, "
            f"or a list of predicates. At most {selection.MOST_INCLUDED} are included; `included_left_off` gives the "
            "number left out.",
        ),
    }


KEEPING_UP = (
    "Every version of every document, in the order of publication. Nothing is missed or repeated, even if something "
    "is published while you read.\n\nTo read the whole history, start without `since`. To start from an export, use "
    "`after_release`. Apply each page, then store `token` with your copy. While `is_more` is true, request `next` at "
    "once; after that, request it from time to time. If nothing is new, you get a 304. A token is valid only with the "
    "same `kind` and `significance`. Withdrawals are always included, whatever you filter by."
)
FILE = (
    "\n\nThe file never changes. You can resume a download with `Range` and `If-Range`. While the file is being "
    "prepared, you get a 503 with `Retry-After`."
)

SYNC_OPERATIONS = {
    "VersionListView": Operation(
        "list_versions", "items", "List the versions of an item",
        "All versions of the item, newest first, each with the publisher's note on the change. A withdrawal counts as "
        "a version.",
        shapes_sync.VersionPage, is_found_by_name=True, example="list_versions",
    ),
    "ReleaseCompareView": Operation(
        "compare_releases", "releases", "Compare two releases",
        "The items that differ between release a and release b. If you swap a and b, you get the inverse. `changes` "
        "lists the differences by field and by statement, and compares prose word by word. `patch` (RFC 6902) turns "
        "the document in a into the one in b; a missing document is treated as null.",
        comparison_shapes.ReleaseComparisonSerializer, is_found_by_name=True,
        describes={
            "item": (UUID, "Only the item with this identifier."),
            "show": (
                {"type": "string", "enum": ["changes", "patch", "list"], "default": "changes"},
                "The detail to give for each item: the differences, a JSON Patch, or neither.",
            ),
        },
        example="compare_releases",
    ),
    "ConditionCompareView": Operation(
        "compare_conditions", "conditions", "Compare two conditions",
        "The similarities and differences between two conditions, row by row, with citations. If you swap a and b, "
        "you get the mirror image.\n\nNothing is ranked, and this is not a differential diagnosis. If only one "
        "condition mentions something, the other may have it too. Always show `disclaimer` and the notices of both "
        "conditions.",
        comparison_shapes.ConditionComparisonSerializer, is_found_by_name=True, can_be_withdrawn=True,
        example="compare_conditions",
    ),
    "ChangeListView": Operation(
        "list_changes", "changes", "Keep a copy up to date", KEEPING_UP, shapes_sync.ChangePageSerializer,
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
                {"type": "string", "enum": list(terms.COLLECTIONS)},
                "Only changes to this kind of document, and all withdrawals.",
            ),
            "significance": (
                {"type": "string", "enum": list(terms.SIGNIFICANCES)},
                "Only changes of this significance, and all withdrawals.",
            ),
        },
        example="list_changes",
    ),
    "CheckView": Operation(
        "check_copies", "changes", "Check your copies",
        "Checks up to 1,000 copies: whether each one is current, how significant the changes are that you missed, and "
        "which items have been withdrawn. The request changes nothing; it uses POST because it has a long body.",
        shapes_sync.CheckedCopiesSerializer, body=shapes_sync.CHECK_REQUEST, example="check_copies",
    ),
    "ExportView": Operation(
        "get_export", "releases", "List the export files of a release",
        "The files that contain every current document of the release, and the address of the signing keys.",
        shapes_sync.ExportSerializer, is_found_by_name=True, example="get_export",
    ),
    "NdjsonExportView": Operation(
        "export_documents", "releases", "Export a release as NDJSON",
        "Every current document of the release as stored, one per line, ordered by identifier. Withdrawn documents "
        f"are included and marked.{FILE}",
        shapes_sync.ExportSerializer, is_file=True, is_found_by_name=True,
    ),
    "BundleExportView": Operation(
        "export_bundle", "releases", "Export a release as a signed bundle",
        "A ZIP file with `documents.ndjson`, `index.ndjson`, `LICENCE.txt`, `README.txt`, `manifest.json` and "
        "`manifest.json.sig`, an Ed25519 signature of the manifest. To verify it, use the short Python script in "
        f"the README or `manage.py verify_bundle`.{FILE}",
        shapes_sync.ExportSerializer, is_file=True, is_found_by_name=True,
    ),
    "ReleaseFeedView": Operation(
        "feed_releases", "releases", "Get an Atom feed of releases",
        "The last 50 releases, newest first, as an Atom feed (RFC 4287). The category of an entry is its significance.",
        shapes_sync.ExportSerializer,
    ),
    "ChangeFeedView": Operation(
        "feed_changes", "changes", "Get an Atom feed of changes",
        "The last 100 changes, newest first, as an Atom feed (RFC 4287), for feed readers. To keep a copy up to date, "
        "use `/api/v1/changes/`, which includes every change.",
        shapes_sync.ExportSerializer,
    ),
    "SigningKeyView": Operation(
        "list_signing_keys", "releases", "List the signing keys",
        "The current and former public keys of signed bundles, so that you can verify a bundle even after the key has "
        "changed. Download the keys once, over HTTPS, and keep them: a key that arrived with the bundle itself would "
        "prove nothing.",
        shapes_sync.SigningKeysSerializer,
    ),
    "BatchView": Operation(
        "list_items", "items", "Read many items at once",
        "Up to 100 items of any kind by identifier, in the order you give, each once. Withdrawn items and unknown "
        "identifiers are listed separately.",
        shapes_sync.BatchSerializer, selection_shapes.SelectedBatchSerializer, required=("ids",),
        describes={
            "ids": (
                {"type": "string", "maxLength": 3699, "pattern": f"^{UUID_PATTERN}(,{UUID_PATTERN}){{0,99}}$"},
                "Up to 100 identifiers, separated by commas.",
            ),
            **{name: told for name, told in selection_of().items() if name != "include"},
        },
    ),
}  # fmt: skip
