"""The server without HTTP: a request in, a resource and a status out. Also what a batch is made of.

In: method, path, parameters, body, and a source of libraries by release. Out: `Reply`
(https://hl7.org/fhir/R4/http.html). Raises FhirError for every request that cannot be answered.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from content_app.delivery.fhir.library import hl7_code_systems
from content_app.delivery.fhir.library.composition import document_bundle
from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.server import by_code, capability, search
from content_app.delivery.fhir.server.dispatch import CALLS, Call
from content_app.delivery.fhir.server.kept_resources import with_kept
from content_app.delivery.fhir.server.summary import reduced
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM, CODE_SYSTEM_ALIASES, canonical
from content_app.delivery.fhir.terminology.operation_definitions import (
    OPERATIONS,
    VERSIONS_OF_FHIR,
    operation,
)
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import FhirError, Resource, operation_outcome, refusal
from content_app.delivery.fhir.terminology.parameters import Pairs, of_operation, only, whole_number

PRESENTATION = ("_format", "_pretty")
SYSTEMS = ("url", "system", "sourceSystem", "targetSystem", "targetsystem")  # parameters that name a code system
READ_CONTROLS = ("release", "_summary", "_elements")
LARGEST_BATCH = 100
MOST_BATCH_BYTES = 10_000_000  # of the answer, without what surrounds its entries
MOST_HISTORY = 20


class Releases(Protocol):
    """Where libraries come from."""

    def current(self) -> Library: ...

    def as_of(self, release: int) -> Library: ...

    def coded(self, release: int, asked: Iterable[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]: ...


@dataclass(frozen=True)
class Request:
    """One request, as far as its answer depends on it. `body` is parsed JSON."""

    method: str
    path: str
    pairs: Pairs
    body: Any = None
    accept_language: str = ""
    is_lenient: bool = False


@dataclass(frozen=True)
class Reply:
    """What to answer. `version` is the version of the resource that was read; a pinned answer never changes.

    `warned` are the addresses of items with an active safety notice that the resource shows.
    """

    resource: Resource
    release: int
    status: int = 200
    version: str | None = None
    modified: str | None = None
    is_pinned: bool = False
    warned: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class MethodNotAllowed(FhirError):
    """Raised for a method that an address does not know; `allowed` are those it knows."""

    allowed: tuple[str, ...] = ()


def require_method(request: Request, *methods: str) -> None:
    """Raises FhirError 405. HEAD is a GET."""
    if ("GET" if request.method == "HEAD" else request.method) not in methods:
        allowed = (*methods, "HEAD") if "GET" in methods else methods
        text = f"{request.method} is not allowed here. Use {', '.join(methods)}"
        raise MethodNotAllowed(405, [*refusal(405, "not-supported", text).issues], allowed)


def size_of(resource: Resource) -> int:
    """How many characters a resource has as JSON."""
    return len(json.dumps(resource, ensure_ascii=False))


class Service:
    """Answers requests. `base` is the address of the server, `now` the time of the request, `client` who asks."""

    def __init__(self, releases: Releases, base: str, now: str, client: str = ""):
        self.releases = releases
        self.base = base
        self.now = now
        self.client = client

    def answer(self, request: Request) -> Reply:
        """The reply to a request. Raises FhirError."""
        parts = [part for part in request.path.strip("/").split("/") if part]
        pairs = [(name, text) for name, text in request.pairs if name not in PRESENTATION]
        if not parts:
            return self._root(request, pairs)
        if parts == ["metadata"]:
            require_method(request, "GET")
            return self._metadata(pairs)
        if parts == ["$versions"]:
            return self._fhir_versions(request, pairs)
        kind, rest = parts[0], parts[1:]
        if kind not in (*search.PARAMETERS, "Bundle"):
            raise refusal(404, "not-supported", f"This server has no resource type “{kind[:60]}”")
        if rest and rest[-1].startswith("$"):
            return self._operation(request, pairs, kind, rest)
        if rest == ["_search"]:
            require_method(request, "POST")
            if request.body is not None:  # what stood in it would be passed over, and everything found
                raise refusal(415, "not-supported", "Send search parameters as a form, or in the address")
            return self._search(kind, self._known(request, kind, pairs))
        require_method(request, "GET")
        if rest:
            return self._read(kind, rest, pairs)
        return self._search(kind, self._known(request, kind, pairs))

    def library(self, pairs: Pairs) -> Library:
        """The library as of the release that is asked for."""
        given = [text for name, text in pairs if name == "release"]
        if not given:
            return self.releases.current()
        if len(given) > 1 or not (given[0].isascii() and given[0].isdecimal() and len(given[0]) < 10):
            raise refusal(400, "invalid", "“release” must be the number of a release", path="release")
        return self.releases.as_of(int(given[0]))

    def _metadata(self, pairs: Pairs) -> Reply:
        modes = only(pairs, ("mode", "release", "_summary", "_elements"))
        library = self.library(pairs)
        mode = modes.get("mode", "full")
        published_at = library.edition.published_at
        if mode == "terminology":
            systems = library.unchanging["CodeSystem"].values()
            others = [(it["url"], it["version"]) for it in systems if not hl7_code_systems.is_of_hl7(it)]
            made = capability.terminology_capabilities(self.base, published_at, library.release, others)
        elif mode in ("full", "normative"):
            made = capability.capability_statement(self.base, published_at, library.release)
        else:
            raise refusal(400, "invalid", "“mode” must be full, normative or terminology", path="mode")
        return self._reply(library, reduced(made, pairs), pairs)

    def _fhir_versions(self, request: Request, pairs: Pairs) -> Reply:
        """The versions of FHIR that are spoken here (capabilitystatement-operation-versions.html)."""
        require_method(request, "GET", "POST")
        of_operation(VERSIONS_OF_FHIR, pairs, request.body)
        spoken = capability.FHIR_VERSION.rpartition(".")[0]
        parameters = [{"name": name, "valueCode": spoken} for name in ("version", "default")]
        return self._reply(self.library(pairs), {"resourceType": "Parameters", "parameter": parameters}, pairs)

    def _reply(self, library: Library, resource: Resource, pairs: Pairs) -> Reply:
        meta = resource.get("meta", {})
        return Reply(
            resource,
            library.release,
            version=meta.get("versionId"),
            modified=meta.get("lastUpdated", library.edition.published_at),
            is_pinned=any(name == "release" for name, _ in pairs),
            warned=library.edition.warned_in(resource),
        )

    # Read, vread and history

    def _one(self, library: Library, kind: str, resource_id: str) -> Resource:
        if kind == "OperationDefinition":
            found = next((entry for entry in self._definitions(library) if entry["id"] == resource_id), None)
        elif kind == "Bundle":
            document = library.document(resource_id)
            found = document_bundle(library.edition, document, self.base) if document else None
        else:
            found = library.read(kind, resource_id)
        if found is None:
            raise search.unknown_resource(kind, resource_id)
        return found

    def _definitions(self, library: Library) -> list[Resource]:
        made = capability.operation_definition
        published_at = library.edition.published_at
        return [made(entry, self.base, published_at, library.release) for entry in OPERATIONS]

    def _read(self, kind: str, rest: list[str], pairs: Pairs) -> Reply:
        library = self.library(pairs)
        if len(rest) == 2 and rest[1] == "_history":
            return self._history(library, kind, rest[0], pairs)
        only(pairs, READ_CONTROLS)
        if len(rest) == 3 and rest[1] == "_history":
            library = self._earlier(library, kind, rest[0], rest[2])
            pairs = [*pairs, ("release", rest[2])]
        elif len(rest) != 1:
            raise refusal(404, "not-found", "There is nothing at this address")
        return self._reply(library, reduced(self._one(library, kind, rest[0]), pairs), pairs)

    def _earlier(self, library: Library, kind: str, resource_id: str, version: str) -> Library:
        there = library.at(f"{version}.0.0")
        if there is None or version.startswith("0"):
            raise refusal(404, "not-found", f"There is no version {version[:20]} of {kind}/{resource_id[:120]}")
        return there

    def _history(self, library: Library, kind: str, resource_id: str, pairs: Pairs) -> Reply:
        """The versions of a resource, newest first."""
        asked = only(pairs, ("release", "_count", "_offset"))
        count = min(whole_number(asked, "_count", 10), MOST_HISTORY)
        first = library.release - whole_number(asked, "_offset", 0)
        entries = []
        self._one(library, kind, resource_id)
        last = max(first - count, 0)
        for release in range(first, last, -1):
            there = library.at(f"{release}.0.0")
            try:
                found = self._one(there, kind, resource_id) if there else None
            except FhirError:
                last = 0  # it was not there yet
                break
            if found:
                entries.append(self._version(kind, found))
        address = f"{self.base}/{kind}/{resource_id}/_history"
        bundle: Resource = {"resourceType": "Bundle", "type": "history", "link": [{"relation": "self", "url": address}]}
        if last:
            kept = [pair for pair in pairs if pair[0] != "_offset"]
            offset = ("_offset", str(library.release - last))
            bundle["link"].append({"relation": "next", "url": f"{address}?{urlencode([*kept, offset])}"})
        return self._reply(library, bundle | ({"entry": entries} if entries else {}), pairs)

    def _version(self, kind: str, found: Resource) -> Resource:
        version, updated = found["meta"]["versionId"], found["meta"]["lastUpdated"]
        return {
            "fullUrl": f"{self.base}/{kind}/{found['id']}",
            "resource": found,
            "request": {"method": "PUT", "url": f"{kind}/{found['id']}"},
            "response": {"status": "200", "etag": f'W/"{version}"', "lastModified": updated},
        }

    # Search

    def _search(self, kind: str, pairs: Pairs) -> Reply:
        if kind == "Bundle":
            raise refusal(
                405, "not-supported", "You can only read Bundles one at a time. Search for Compositions instead"
            )
        library = self.library(pairs)
        asked = [(name, text) for name, text in pairs if name != "release"]
        codes = [pair for pair in asked if kind == "Composition" and pair[0] in by_code.NAMES and pair[1]]
        told: by_code.Told = []
        if codes:
            resources, told = by_code.compositions(library, codes, partial(self.releases.coded, library.release))
        elif kind == "OperationDefinition":
            resources = self._definitions(library)
        else:
            resources = self._versions(library, kind, asked)
        found = search.matching(kind, resources, [pair for pair in asked if pair not in codes])
        about = (None, *(entry["id"] for entry in found)) if told else ()
        issues = [issue for resource_id, issue in told if resource_id in about]
        return self._reply(library, search.searchset(found, pairs, issues, base=self.base, kind=kind), pairs)

    def _known(self, request: Request, kind: str, pairs: Pairs) -> Pairs:
        """The parameters, without those that are not known if the client wants it so (search.html#errors)."""
        if not request.is_lenient or kind == "Bundle":
            return pairs
        return [pair for pair in pairs if pair[0] == "release" or search.is_known(kind, pair[0])]

    def _versions(self, library: Library, kind: str, asked: Pairs) -> Sequence[Resource]:
        """What to search: the current versions, or those of the release that a version of the library means."""
        versions = [text for name, text in asked if name == "version"]
        versions += [
            version for name, text in asked if name in ("url", "system") and (version := text.partition("|")[2])
        ]
        there = library.at(versions[0]) if versions else None
        return (there or library).among(kind, asked)

    # Operations

    def _operation(self, request: Request, pairs: Pairs, kind: str, rest: list[str]) -> Reply:
        called = operation(kind, rest[-1][1:])
        if called is None or len(rest) > 2:
            raise refusal(404, "not-supported", f"{kind} has no operation {rest[-1][:60]}")
        require_method(request, "GET", "POST")
        library = self.library(pairs)
        body = request.body if request.method == "POST" else None
        inputs = OperationInput(self._own(of_operation(called, pairs, body)), request.accept_language)
        if (release := inputs.one("release")) is not None:
            library = self.releases.as_of(release)
        if body is not None:
            inputs = with_kept(inputs, self.client)
        instance = None
        if len(rest) == 2:
            if not called.is_on_instance:
                raise refusal(404, "not-supported", f"Call ${called.code} on the type: {kind}/${called.code}")
            instance = self._one(library, kind, rest[0])
        made = CALLS[kind, called.code](Call(library, inputs, instance, self.base, self.now))
        is_pinned = inputs.has("release")
        modified, warned = library.edition.published_at, library.edition.warned_in(made)
        return Reply(made, library.release, modified=modified, is_pinned=is_pinned, warned=warned)

    def _own(self, given: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Addresses of this server, and OID and UUID of its code system, as the canonical addresses that they mean."""
        found = []
        for name, value in given:
            if name in SYSTEMS and value in CODE_SYSTEM_ALIASES:
                value = CODE_SYSTEM
            if isinstance(value, dict) and value.get("system") in CODE_SYSTEM_ALIASES:
                value = value | {"system": CODE_SYSTEM}
            if name == "url" and isinstance(value, str) and value.startswith(f"{self.base}/"):
                parts = value.removeprefix(f"{self.base}/").partition("|")
                kind, _, resource_id = parts[0].partition("/")
                value = canonical(kind, resource_id) + parts[1] + parts[2]
            found.append((name, value))
        return found

    # Batch

    def _root(self, request: Request, pairs: Pairs) -> Reply:
        require_method(request, "GET", "POST")
        if request.method != "POST":  # people who open the address see what the server can do
            return self._metadata(pairs)
        only(pairs, ("release",))
        body = request.body
        if not isinstance(body, dict) or body.get("resourceType") != "Bundle" or body.get("type") != "batch":
            raise refusal(400, "invalid", "Send a Bundle of type batch")
        entries = body.get("entry", [])
        if not isinstance(entries, list):
            raise refusal(400, "structure", "Bundle.entry must be a list", path="Bundle.entry")
        if len(entries) > LARGEST_BATCH:
            raise refusal(413, "too-costly", f"A batch can have at most {LARGEST_BATCH} entries")
        library = self.library(pairs)
        answers, room = [], MOST_BATCH_BYTES
        for entry in entries:
            answers.append(self._entry(entry, request, pairs, room))
            room -= size_of(answers[-1])
        bundle: Resource = {"resourceType": "Bundle", "type": "batch-response"}
        return self._reply(library, bundle | ({"entry": answers} if answers else {}), pairs)

    def _entry(self, entry: Any, request: Request, pairs: Pairs, room: int) -> Resource:
        """The answer to one entry: an error stays with its entry (http.html#transaction-response).

        Once there is no `room` left in the answer, every further entry is refused without any work.
        """
        try:
            if room < 0:
                text = f"The response is larger than {MOST_BATCH_BYTES // 1_000_000} MB. Request this in another batch"
                raise refusal(413, "too-costly", text)
            asked = entry.get("request") if isinstance(entry, dict) else None
            method, url = (asked.get("method"), asked.get("url")) if isinstance(asked, dict) else (None, None)
            if method not in ("GET", "POST") or not isinstance(url, str):
                raise refusal(400, "invalid", "Every entry must have a request with a url and the method GET or POST")
            try:
                parts = urlsplit(url.removeprefix(self.base))
            except ValueError:
                raise refusal(400, "invalid", "The url of the entry is not valid")
            if not parts.path.strip("/"):
                raise refusal(400, "invalid", "A batch cannot contain a batch")
            own = parse_qsl(parts.query, keep_blank_values=True)
            own += [pair for pair in pairs if pair[0] not in dict(own)]
            body = entry.get("resource")
            part = Request(method, parts.path, own, body, request.accept_language, request.is_lenient)
            reply = self.answer(part)
        except FhirError as error:
            return {"response": {"status": str(error.status), "outcome": operation_outcome(error.issues)}}
        etag = {"etag": f'W/"{reply.version}"'} if reply.version else {}
        return {"resource": reply.resource, "response": {"status": str(reply.status), **etag}}
