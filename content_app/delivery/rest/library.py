"""What is here: the entrance of the API, and the vocabularies that its content is made of."""

from dataclasses import asdict
from typing import Any, ClassVar

from django.http import HttpResponse

from content_app.canonical import compact_json, rfc3339
from content_app.delivery.http.links import DISCOVERY, add_links
from content_app.delivery.http.problems import base_url
from content_app.delivery.http.renderers import JSONRenderer, named
from content_app.delivery.http.responses import answer
from content_app.delivery.linked_data import own_words
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.rest import shapes
from content_app.delivery.rest.entries import system_entry
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.addresses import (
    API,
    CATALOG,
    CDS_SERVICES,
    FEEDS,
    FHIR,
    INFOBUTTON,
    MCP,
    PACKAGES,
    SANDBOX,
)
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.licence import DISCLAIMER, LICENCE
from content_app.vocabulary.predicates import PREDICATES

TURTLE = "text/turtle"


class LibraryView(ReadView):
    """The entrance: what is here, in which release, on which terms."""

    operation = Operation(
        "get_library",
        "library",
        "Get an overview of the API",
        "Start here: the current release, the number of documents, the licence, and links to everything else.",
        shapes.LibrarySerializer,
        example="get_library",
    )

    known_parameters = READ_PARAMETERS

    def get(self, request) -> HttpResponse:
        moment = self.moment()
        base = base_url(request._request)
        body = {
            "name": "AMPS API",
            "description": "Structured, coded, cited and versioned content on amplified musculoskeletal pain "
            "syndrome (AMPS) and the conditions it is confused with.",
            "release": {
                "number": moment.release,
                "published_at": rfc3339(moment.published_at),
                "href": f"{API}/releases/{moment.release}/",
            },
            "counts": moment.counts,
            "licence": LICENCE,
            "disclaimer": DISCLAIMER,
            "links": links_of(moment.release),
            "self": f"{base}{API}/",
        }
        response = answer(request, compact_json(body), moment=moment)
        add_links(response, [*DISCOVERY.values()])
        return response


def links_of(release: int) -> dict[str, str]:
    """Where everything else is; what stands in braces is to be filled in (RFC 6570)."""
    return {
        **{collection: f"{API}/{collection}/" for collection in vocabulary.COLLECTIONS.values()},
        "search": f"{API}/search/?q={{q}}",
        "suggest": f"{API}/suggest/?q={{q}}",
        "relations": f"{API}/relations/",
        "codings": f"{API}/codings/",
        "releases": f"{API}/releases/",
        "changes": f"{API}/changes/",
        "items": f"{API}/items/?ids={{ids}}",
        "item": f"{API}/items/{{id}}/",
        "statement": f"{API}/statements/{{id}}/",
        "export": f"{API}/releases/{release}/export/",
        "check": f"{API}/check/",
        "feed": f"{FEEDS}/releases.atom",
        "feed_of_changes": f"{FEEDS}/changes.atom",
        "signing_keys": f"{API}/signing-keys/",
        "vocabulary": f"{API}/vocabulary/",
        "skos": f"{API}/library.ttl",
        "json_ld": f"{API}/library.jsonld",
        "mappings": f"{API}/mappings.sssom.tsv",
        "json_ld_context": f"{API}/contexts/1.jsonld",
        "fhir": f"{FHIR}/metadata",
        "fhir_package": f"{PACKAGES}/amps.library",
        "mcp": MCP,
        "cds_services": CDS_SERVICES,
        "infobutton": f"{INFOBUTTON}?mainSearchCriteria.v.ot={{q}}",
        "sandbox": f"{SANDBOX}/",
        "library_pages": "/library/",
        "api_catalog": CATALOG,
        "openapi": "/openapi.json",
        "docs": "/docs/",
        "editorial_schema": "/schemas/editorial-document.json",
        "problems": "/problems/",
    }


def predicate_entry(predicate: vocabulary.Predicate) -> dict[str, Any]:
    """A predicate as this API shows it."""
    return {
        "code": predicate.code,
        "label": predicate.label,
        "inverse_label": predicate.inverse_label,
        "meaning": predicate.meaning,
        "is_symmetric": predicate.is_symmetric,
        "subjects": list(predicate.subjects),
        "objects": list(predicate.objects),
    }


def entries(terms: dict[str, vocabulary.Term]) -> list[dict[str, Any]]:
    return [{key: value for key, value in asdict(term).items() if value} for term in terms.values()]


VOCABULARY = compact_json(
    {
        **{name: entries(terms) for name, terms in vocabulary.PUBLISHED.items()},
        "predicates": [predicate_entry(predicate) for predicate in PREDICATES.values()],
        "code_systems": [system_entry(system) for system in CODE_SYSTEMS.values()],
    }
)


class VocabularyView(ReadView):
    """All vocabularies: kinds, aspects, predicates, code systems … In Turtle also the words of our linked data."""

    operation = Operation(
        "get_vocabulary",
        "library",
        "Get all vocabularies",
        "Every code that documents use, with its label and meaning: kinds, aspects, predicates, assertion, layer, "
        "frequency, match quality, and the code systems with their licences.\n\nThe Turtle form defines the terms "
        "that our linked data introduces.",
        shapes.VocabularySerializer,
        example="get_vocabulary",
    )

    known_parameters = ()
    renderer_classes: ClassVar[list[type]] = [JSONRenderer, named(TURTLE, "ttl")]

    def get(self, request) -> HttpResponse:
        if request.accepted_media_type == TURTLE:
            body = own_words.to_turtle(base_url(request._request)).encode()
            return answer(request, body, moment=self.moment(), content_type=f"{TURTLE}; charset=utf-8")
        return answer(request, VOCABULARY, moment=self.moment())
