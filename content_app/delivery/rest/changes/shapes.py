"""The shapes of what keeps a copy in step: versions, changes, checks, exports, batches. For OpenAPI only.

In: nothing. Out: serializer classes that describe; nothing here runs when something is read.
"""

from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.query.filters import UUID_PATTERN
from content_app.delivery.rest.changes.check import MOST_ENTRIES
from content_app.delivery.rest.shapes import StoredVersionSerializer, kind, maybe, page_of, published_item
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import release_numbers, terms

SIGNIFICANCE = "The significance of the change: `safety` is the highest, then `substantive`, then `editorial`."


class ListedVersionSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="The version of the item: 1, 2, 3 and so on.")
    release = serializers.IntegerField(help_text="The release in which this version was first published.")
    published_at = serializers.DateTimeField(help_text="The time at which this version was published (UTC).")
    superseded_in = serializers.IntegerField(
        allow_null=True, help_text="The release that replaced this version with the next; null if it is the latest."
    )
    name = string("The name of the item in this version.")
    slug = serializers.SlugField(help_text="The last part of the item's address in this version.")
    sha256 = string("The SHA-256 of the document's content.")
    significance = word(terms.SIGNIFICANCES, SIGNIFICANCE)
    change_note = serializers.CharField(
        allow_blank=True, help_text="The publisher's note on the change. It can be empty."
    )
    withdrawn = serializers.BooleanField(help_text="True if this version is a withdrawal.")
    reason = word(
        terms.WITHDRAWAL_REASONS,
        "The reason for the withdrawal; null if the item is not withdrawn.",
        allow_null=True,
    )
    href = string("The permanent address of this version. For a withdrawal it returns a 410.")
    compare = maybe_string("The comparison with the previous version; null for the first version.")


VersionPage = page_of("VersionPage", ListedVersionSerializer, counted=False)


class ChangedDocumentSerializer(serializers.Serializer):
    change = serializers.ChoiceField(
        [
            ("created", "New, or published again after a withdrawal"),
            ("changed", "A new version"),
            ("withdrawn", "Withdrawn: stop showing it"),
        ],
        help_text="The type of change to the document.",
    )
    id = serializers.UUIDField(help_text="The permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of the document's address.")
    name = string("The name of the document.")
    version = serializers.IntegerField(help_text="The version of the document after the change.")
    sha256 = string("The SHA-256 of the document's content.")
    release = serializers.IntegerField(help_text="The release that contains the change.")
    published_at = serializers.DateTimeField(help_text="The time at which that release was published (UTC).")
    significance = word(terms.SIGNIFICANCES, SIGNIFICANCE)
    change_note = serializers.CharField(
        allow_blank=True, help_text="The publisher's note on the change. It can be empty."
    )
    reason = word(
        terms.WITHDRAWAL_REASONS,
        "The reason for the withdrawal; null if the item is not withdrawn.",
        allow_null=True,
    )
    replaced_by = maybe(published.ItemReferenceSerializer, "The item that replaces it, if there is one.")
    href = string("The permanent address of this version. For a withdrawal it returns a 410.")


class ChangePageSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The latest release whose changes are included.")
    token = string("The position at the end of this page. Store it, and send it as `since` next time.")
    next = string("The address to request next: at once if `is_more` is true, otherwise later. Never null.")
    is_more = serializers.BooleanField(help_text="True if more changes are available now.")
    results = ChangedDocumentSerializer(many=True, help_text="The changes, in the order in which they were published.")


def held(field: str, schema: dict) -> dict:
    """An entry of a check: an identifier and one other member."""
    identifier = {
        "type": "string",
        "pattern": f"^{UUID_PATTERN}$",
        "description": "The identifier of an item or a source.",
    }
    return {
        "title": f"CopyBy{field.capitalize()}",
        "type": "object",
        "properties": {"id": identifier, field: schema | {"description": f"The `meta.{field}` of your copy."}},
        "required": ["id", field],
        "additionalProperties": False,
    }


# As a schema: a serializer cannot say that one of two members is there, and no other.
CHECK_REQUEST = {
    "title": "CopiesToCheck",
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "maxItems": MOST_ENTRIES,
            "description": "The copies that you have.",
            "items": {
                "oneOf": [
                    held("version", release_numbers.SCHEMA),
                    held("sha256", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
                ]
            },
        }
    },
    "required": ["items"],
    "additionalProperties": False,
    "examples": [{"items": [{"id": "fdc17f0f-6b2d-5969-83ef-ff127ff8007a", "version": 1}]}],
}


class CurrentVersionSerializer(StoredVersionSerializer):
    kind = kind()


class CheckedCopySerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The identifier, as you sent it.")
    status = serializers.ChoiceField(
        [
            ("current", "Your copy is the current version"),
            ("newer", "There is a newer version"),
            ("withdrawn", "The item has been withdrawn"),
            ("replaced", "The item has been withdrawn, and `replaced_by` replaces it"),
            ("unknown", "There has never been such a version; if `current` is null, there is no such item"),
        ],
        help_text="The status of your copy, compared with the current version.",
    )
    significance = word(
        terms.SIGNIFICANCES,
        "The significance of the most significant change since your version; null if nothing has changed.",
        allow_null=True,
    )
    reason = word(
        terms.WITHDRAWAL_REASONS,
        "The reason for the withdrawal; null if the item is not withdrawn.",
        allow_null=True,
    )
    replaced_by = maybe(published.ItemReferenceSerializer, "The item that replaces it, if there is one.")
    current = maybe(CurrentVersionSerializer, "The current version; null if there is no such item.")


class CheckedCopiesSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The release with which your copies were compared.")
    results = CheckedCopySerializer(
        many=True, help_text="One result for each entry, in the order in which you sent them."
    )


class ExportFileSerializer(serializers.Serializer):
    media_type = string("The media type of the file.")
    name = string("The file name under which to save the file.")
    href = string("The address of the file, relative to the server.")


class ExportSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The number of the release.")
    files = ExportFileSerializer(many=True, help_text="The files that you can download.")
    signing_keys = string("The address of the public keys that verify the signature.")
    changes = string("The address from which to follow changes after this release.")


class SigningKeySerializer(serializers.Serializer):
    id = string("A short identifier: the first characters of the SHA-256 of the key.")
    algorithm = serializers.ChoiceField(["Ed25519"], help_text="The signature algorithm: always Ed25519 (RFC 8032).")
    public_key = string("The 32 bytes of the key, encoded in base64.")
    pem = string("The same key in PEM format.")
    status = serializers.ChoiceField(
        [("current", "In use for new bundles"), ("retired", "No longer used for new bundles")],
        help_text="Whether new bundles are signed with this key.",
    )
    first_signed_on = serializers.DateField(
        allow_null=True, help_text="The day on which the key was first used; null if unknown."
    )
    last_signed_on = serializers.DateField(
        allow_null=True, help_text="The day on which the key was last used; null if unknown."
    )


class SigningKeysSerializer(serializers.Serializer):
    keys = SigningKeySerializer(many=True, help_text="The current and former signing keys, with the current one first.")


class BatchSerializer(serializers.Serializer):
    """The response to a request for many items."""

    release = serializers.IntegerField(help_text="The release from which all items are read.")
    results = published_item(many=True, help_text="The documents, each exactly as at its own address.")
    withdrawn = published.TombstoneSerializer(
        many=True, help_text="The tombstones of the items that have been withdrawn."
    )
    unknown = serializers.ListField(child=serializers.UUIDField(), help_text="The identifiers that belong to no item.")
