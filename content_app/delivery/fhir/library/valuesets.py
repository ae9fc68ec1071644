"""The ValueSets of the library: everything, each kind, each topic and category, and the symptoms of each condition.

In: an `Edition`. Out: ValueSets (https://hl7.org/fhir/R4/valueset.html), each bound to the release's CodeSystem
version.
"""

from content_app.delivery.fhir.library.edition import Document, Edition
from content_app.delivery.fhir.library.identity import LONGEST_ID, version_of
from content_app.delivery.fhir.library.narrative import Markup, items, narrative, paragraph, text
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.vocabulary.terms import CATEGORIES, COLLECTIONS, TOPICS

SYMPTOM_PREDICATES = frozenset({"has_symptom", "has_quality"})
KIND_TITLES = {"condition": "Conditions", "concept": "Concepts", "symptom_type": "Symptom types"}


def value_sets(edition: Edition) -> list[Resource]:
    """All ValueSets of a release."""
    conditions = (document for document in edition.coded if document["kind"] == "condition")
    return [*by_properties(edition), *(symptoms(edition, document) for document in conditions)]


def by_properties(edition: Edition) -> list[Resource]:
    """The ValueSets of everything, each kind, each topic and each category: as many in every release."""
    found = [_value_set(edition, "all", "The whole AMPS library", [])]
    for kind, title in KIND_TITLES.items():
        found.append(_value_set(edition, COLLECTIONS[kind], f"AMPS library: {title.lower()}", [("kind", kind)]))
    for topic in TOPICS.values():
        filters = [("kind", "concept"), ("topic", topic.code)]
        found.append(_value_set(edition, _id("concepts", topic.code), f"AMPS concepts: {topic.label.lower()}", filters))
    for category in CATEGORIES.values():
        filters = [("kind", "symptom_type"), ("category", category.code)]
        title = f"AMPS symptom types: {category.label.lower()}"
        found.append(_value_set(edition, _id("symptom-types", category.code), title, filters))
    return found


def _id(collection: str, word: str) -> str:
    return f"{collection}-{word.replace('_', '-')}"


def _name(resource_id: str) -> str:
    return "AMPS" + "".join(part.capitalize() for part in resource_id.replace(".", "-").split("-"))


def _value_set(edition: Edition, resource_id: str, title: str, filters: list[tuple[str, str]]) -> Resource:
    """A value set by properties: what is added to the library later belongs to it."""
    chosen = [{"property": name, "op": "=", "value": value} for name, value in filters]
    return _built(edition, resource_id, title, {"filter": chosen} if chosen else {}, paragraph(title))


SYMPTOMS_OF = "symptom-types-of-"


def symptoms_id(code: str, item_id: str) -> str:
    """The id of the value set of a condition's symptom types; ids have at most 64 characters."""
    resource_id = SYMPTOMS_OF + code
    return resource_id if len(resource_id) <= LONGEST_ID else SYMPTOMS_OF + item_id


def symptoms(edition: Edition, document: Document) -> Resource:
    """What a condition is said to have, listed. It is empty, and stays, where nothing is said or it is withdrawn."""
    title = f"Symptom types of {document['name']}"
    found = symptom_types_of(edition, document)
    resource_id = symptoms_id(edition.code(document), document["id"])
    listed = [{"code": edition.code(entry), "display": entry["name"]} for entry in found]
    names = items(text(entry["name"]) for entry in found)
    value_set = _built(edition, resource_id, title, {"concept": listed} if listed else {}, paragraph(title), names)
    if not listed:
        value_set["compose"]["exclude"] = [{"system": CODE_SYSTEM, "version": version_of(edition.release)}]
    if document.get("withdrawn"):
        value_set["status"] = "retired"
    return value_set


def symptom_types_of(edition: Edition, document: Document) -> list[Document]:
    """References to the symptom types that a condition, or a pattern in which it shows itself, is said to have."""
    patterns = [r["object"] for r in document.get("relations", []) if r["predicate"] == "has_pattern"]
    holders = [document, *(edition.by_id[entry["id"]] for entry in patterns if entry["id"] in edition.by_id)]
    found = {
        relation["object"]["id"]: relation["object"]
        for holder in holders
        for relation in holder.get("relations", [])
        if relation["predicate"] in SYMPTOM_PREDICATES
    }
    return list(found.values())


def _built(edition: Edition, resource_id: str, title: str, chosen: Resource, *body: Markup) -> Resource:
    head = edition.canonical_resource("ValueSet", resource_id, _name(resource_id), title, f"{title}.")
    include = {"system": CODE_SYSTEM, "version": version_of(edition.release), **chosen}
    return {**head, "text": narrative(*body), "immutable": False, "compose": {"include": [include]}}
