"""Libraries that others wrote read every resource: fhirclient (SMART) and fhir.resources (R4B, R4's last revision)."""

import importlib

import pytest

from tests.fhir_client import SYSTEM

ADDRESSES = [
    "metadata",
    "metadata?mode=terminology",
    "CodeSystem/amps",
    "CodeSystem/name-types",
    "ValueSet/conditions",
    "ValueSet/symptom-types-of-fibromyalgia",
    "ValueSet/all/$expand?includeDesignations=true&property=kind",
    "ConceptMap/to-icd-10-cm",
    "ConceptMap/to-hpo",
    "NamingSystem/amps",
    "OperationDefinition/ValueSet-expand",
    "Composition?_count=100",
    "CodeSystem/amps/_history",
    f"CodeSystem/$lookup?system={SYSTEM}&code=skin-pallor",
    "ValueSet/conditions/$validate-code?code=x",
    "nothing",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_fhirclient_reads_it_and_writes_the_same(fhir, address):
    resource = fhir.get(address).json
    from fhirclient.models import fhirelementfactory

    read = fhirelementfactory.FHIRElementFactory.instantiate(resource["resourceType"], resource)
    assert read.as_json() == resource


@pytest.mark.parametrize("address", ADDRESSES)
def test_fhir_resources_reads_it(fhir, address):
    resource = fhir.get(address).json
    kind = resource["resourceType"]
    model = getattr(importlib.import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    read = model.model_validate(resource)
    assert read.get_resource_type() == kind


def test_a_document_bundle_is_read_with_its_composition(fhir):
    from fhirclient.models import fhirelementfactory

    item = fhir.get("Composition", **{"title:exact": "Fibromyalgia"}).json["entry"][0]["resource"]["id"]
    bundle = fhirelementfactory.FHIRElementFactory.instantiate("Bundle", fhir.get(f"Composition/{item}/$document").json)
    assert bundle.type == "document"
    assert bundle.entry[0].resource.title == "Fibromyalgia"
