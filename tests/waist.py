"""Writes releases straight into the waist, as fast as random histories need: no editors, hardly any content."""

import datetime
import json
import uuid

from django.contrib.auth import get_user_model
from django.db import connection

from content_app.canonical import sha256_of
from content_app.models.publication import Document, Library, Release

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def identifier(number: int) -> uuid.UUID:
    """Identifiers in no particular order."""
    return uuid.uuid5(uuid.NAMESPACE_OID, str(number))


class Waist:
    """A library of documents `condition` (even numbers) and `concept` (odd ones)."""

    def __init__(self):
        self.by = get_user_model().objects.get_or_create(username="publisher")[0]
        self.number = 0

    def release(self, changes: dict[int, str], salt: str = "") -> int:
        """A release in which these items get a new version of a significance, or are “withdrawn”."""
        self.number += 1
        release = Release.objects.create(
            number=self.number,
            published_at=START + datetime.timedelta(days=self.number),
            published_by=self.by,
            significance="substantive",
            counts=dict.fromkeys(("condition", "concept", "symptom_type", "example", "source"), 0),
            manifest_sha256=sha256_of([self.number, salt]),
        )
        for item, change in changes.items():
            self._version(item, change, release)
        Library.objects.update(current_release=release)
        return self.number

    def _version(self, item: int, change: str, release: Release) -> None:
        last = Document.objects.filter(item_uuid=identifier(item), superseded_in=None).first()
        if last:
            with connection.cursor() as cursor:
                sql = "UPDATE content_app_document SET superseded_in_id = %s WHERE id = %s"
                cursor.execute(sql, [release.number, last.pk])
        version = last.version + 1 if last else 1
        kind = ("condition", "concept")[item % 2]
        is_withdrawn = change == "withdrawn"
        content = {"id": str(identifier(item)), "kind": kind, "slug": f"item-{item}", "name": f"Item {item}"}
        if is_withdrawn:
            content |= {"withdrawn": True, "reason": "withdrawn", "note": "Taken back.", "replaced_by": None}
        sha256 = sha256_of(content | {"version": version})
        body = json.dumps(content | {"meta": {"version": version, "sha256": sha256}}).encode()
        Document.objects.create(
            item_uuid=identifier(item),
            kind=kind,
            slug=f"item-{item}",
            name=f"Item {item}",
            sort_name=f"item {item}",
            version=version,
            body=body,
            body_gzip=b"",
            list_form=body,
            sha256=sha256,
            first_release=release,
            tombstone_reason="withdrawn" if is_withdrawn else "",
            significance="substantive" if is_withdrawn else change,
            change_note="Because.",
        )
