"""The shapes of what keeps a copy in step: versions, changes, checks, exports, batches. For OpenAPI only.

In: nothing. Out: serializer classes that describe; nothing here runs when something is read.
"""

from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.query.filters import UUID_PATTERN
from content_app.delivery.rest.changes.check import LARGEST_VERSION, MOST_ENTRIES
from content_app.delivery.rest.shapes import StoredVersionSerializer, kind, maybe, page_of, published_item
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import terms

SIGNIFICANCE = "How significant the change is: `safety` first, then `substantive`, then `editorial`."


class VersionSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="1, 2, 3 … counted per item.")
    release = serializers.IntegerField(help_text="The release in which it was new.")
    published_at = serializers.DateTimeField(help_text="When that was (UTC).")
    superseded_in = serializers.IntegerField(
        allow_null=True, help_text="The release in which the next version took its place; null if none has yet."
    )
    name = string("The name of the item in this version.")
    slug = serializers.SlugField(help_text="The last part of its address in this version.")
    sha256 = string("The hash of its content.")
    significance = word(terms.SIGNIFICANCES, SIGNIFICANCE)
    change_note = serializers.CharField(allow_blank=True, help_text="What its publisher says has changed.")
    withdrawn = serializers.BooleanField(help_text="True if this version is a withdrawal.")
    reason = word(terms.WITHDRAWAL_REASONS, "Why it was withdrawn.", allow_null=True)
    href = string("This very version, for ever; a withdrawal answers 410.")
    compare = maybe_string("What it changed; null for the first version.")


VersionPage = page_of("VersionPage", VersionSerializer, counted=False)


class ChangeSerializer(serializers.Serializer):
    change = serializers.ChoiceField(
        [
            ("created", "New, or back after it had been withdrawn"),
            ("changed", "A new version"),
            ("withdrawn", "Taken back: take it out of what you show"),
        ],
        help_text="What happened.",
    )
    id = serializers.UUIDField(help_text="Permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("Its name.")
    version = serializers.IntegerField(help_text="Its version after the change.")
    sha256 = string("The hash of its content.")
    release = serializers.IntegerField(help_text="The release of the change.")
    published_at = serializers.DateTimeField(help_text="When that was published (UTC).")
    significance = word(terms.SIGNIFICANCES, SIGNIFICANCE)
    change_note = serializers.CharField(allow_blank=True, help_text="What its publisher says has changed.")
    reason = word(terms.WITHDRAWAL_REASONS, "Why it was withdrawn.", allow_null=True)
    replaced_by = maybe(published.ItemReferenceSerializer, "The item that takes its place.")
    href = string("This very version, for ever; a withdrawal answers 410.")


class ChangePageSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The release up to which changes are told.")
    token = string("Where the page ends: keep it, and send it as `since` next time.")
    next = string("The address to ask next: at once if `is_more`, else whenever you like. Never null.")
    is_more = serializers.BooleanField(help_text="True if there are more changes already.")
    results = ChangeSerializer(many=True, help_text="The changes, in the order of publication.")


def held(field: str, schema: dict) -> dict:
    """An entry of a check: an identifier and one other member."""
    identifier = {"type": "string", "pattern": f"^{UUID_PATTERN}$", "description": "Of an item or a source."}
    return {
        "title": f"CopyBy{field.capitalize()}",
        "type": "object",
        "properties": {"id": identifier, field: schema | {"description": f"`meta.{field}` of your copy."}},
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
            "description": "What you hold.",
            "items": {
                "oneOf": [
                    held("version", {"type": "integer", "minimum": 1, "maximum": LARGEST_VERSION}),
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
    id = serializers.UUIDField(help_text="As you gave it.")
    status = serializers.ChoiceField(
        [
            ("current", "Your copy is what readers now see"),
            ("newer", "There is a newer version"),
            ("withdrawn", "It was withdrawn"),
            ("replaced", "It was withdrawn, and `replaced_by` takes its place"),
            ("unknown", "There never was such a version; with `current` null, no such item"),
        ],
        help_text="How your copy stands.",
    )
    significance = word(
        terms.SIGNIFICANCES,
        "The most significant change since your version; null if there is none.",
        allow_null=True,
    )
    reason = word(terms.WITHDRAWAL_REASONS, "Why it was withdrawn.", allow_null=True)
    replaced_by = maybe(published.ItemReferenceSerializer, "The item that takes its place.")
    current = maybe(CurrentVersionSerializer, "What there is now; null if the item is not known.")


class CheckedCopiesSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The release that copies were compared with.")
    results = CheckedCopySerializer(many=True, help_text="One result for each entry, in your order.")


class ExportFileSerializer(serializers.Serializer):
    media_type = string("Its media type.")
    name = string("The name to keep it under.")
    href = string("Its address, relative to the server.")


class ExportSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The release.")
    files = ExportFileSerializer(many=True, help_text="The files.")
    signing_keys = string("Where the public key of the signature is.")
    changes = string("Where to go on once you have the release.")


class SigningKeySerializer(serializers.Serializer):
    id = string("A short name: the beginning of the SHA-256 of the key.")
    algorithm = serializers.ChoiceField(["Ed25519"], help_text="Always this (RFC 8032).")
    public_key = string("The 32 bytes of the key, in base64.")
    pem = string("The same as PEM.")
    status = serializers.ChoiceField(
        [("current", "Bundles are signed with it now"), ("retired", "Bundles were signed with it before")],
        help_text="Whether bundles are signed with it now.",
    )
    first_signed_on = serializers.DateField(allow_null=True, help_text="Since when it has signed; null: not known.")
    last_signed_on = serializers.DateField(allow_null=True, help_text="When it signed last; null: not known.")


class SigningKeysSerializer(serializers.Serializer):
    keys = SigningKeySerializer(
        many=True, help_text="The keys that bundles are signed with, and were: the current one first."
    )


class BatchSerializer(serializers.Serializer):
    """What reading many items at once answers."""

    release = serializers.IntegerField(help_text="The release that all are read from.")
    results = published_item(many=True, help_text="The documents, each as at its address.")
    withdrawn = published.TombstoneSerializer(many=True, help_text="Those that were withdrawn.")
    unknown = serializers.ListField(child=serializers.UUIDField(), help_text="Identifiers of no item.")
