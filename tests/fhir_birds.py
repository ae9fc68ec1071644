"""A code system of birds, value sets over it, and questions about them: what the tests of brought resources share.

In: what matters to a test. Out: resources, and answers of the server.
"""

from tests.fhir_client import parameters

BIRDS, VALUE_SET = "http://x.example/birds", "http://x.example/vs"


def concepts(version: str):
    return [
        {
            "code": "bird",
            "display": "Bird",
            "property": [{"code": "notSelectable", "valueBoolean": True}],
            "concept": [
                {
                    "code": "prey",
                    "display": "Bird of prey",
                    "concept": [
                        {
                            "code": "owl",
                            "display": f"Owl ({version})",
                            "designation": [{"language": "de", "value": "Eule"}],
                            "property": [{"code": "diet", "valueString": "meat"}],
                        },
                        {"code": "eagle", "display": "Eagle", "definition": "A large one."},
                    ],
                },
                {
                    "code": "dodo",
                    "display": "Dodo",
                    "property": [
                        {"code": "status", "valueCode": "retired"},
                        {"code": "diet", "valueString": "fruit"},
                    ],
                },
            ],
        }
    ]


def birds(version: str = "1.0.0", **changes):
    """Owl and eagle are birds of prey; the dodo is no more; `bird` only groups."""
    return {
        "resourceType": "CodeSystem",
        "url": BIRDS,
        "version": version,
        "name": "Birds",
        "language": "en",
        "status": "active",
        "content": "complete",
        "caseSensitive": True,
        "hierarchyMeaning": "is-a",
        "property": [{"code": "diet", "type": "string"}],
        "concept": concepts(version),
    } | changes


def value_set(*includes, url: str = VALUE_SET, exclude=None, **changes):
    compose = {"include": list(includes) or [{"system": BIRDS}]} | ({"exclude": exclude} if exclude else {})
    compose |= {key: changes.pop(key) for key in ("inactive",) if key in changes}
    return {"resourceType": "ValueSet", "url": url, "version": "1", "status": "active", "compose": compose} | changes


def filtered(code: str, op: str, value: str):
    return {"system": BIRDS, "filter": [{"property": code, "op": op, "value": value}]}


def expand(fhir, *pairs, valueset=None, resources=(), **headers):
    body = parameters(
        ("valueSet", valueset or value_set()), *(("tx-resource", entry) for entry in resources or [birds()]), *pairs
    )
    return fhir.post("ValueSet/$expand", body, **headers)


def validate(fhir, *pairs, valueset=None, resources=(), **headers):
    brought = [valueset or value_set(), *(resources or [birds()])]
    body = parameters(("url", VALUE_SET), *(("tx-resource", entry) for entry in brought), *pairs)
    return fhir.post("ValueSet/$validate-code", body, **headers)


def coding(code: str, **more: str):
    return ("coding", {"system": BIRDS, "code": code} | more)
