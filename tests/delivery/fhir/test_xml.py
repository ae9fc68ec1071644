"""FHIR as XML, both ways: what we write, a library that is not ours reads as the same; what it writes, we read."""

import json
import subprocess

import pytest
from defusedxml.ElementTree import fromstring

from content_app.delivery.fhir.terminology.outcome import FhirError
from content_app.delivery.fhir.xml.elements import DEFINED
from content_app.delivery.fhir.xml.reader import from_xml
from content_app.delivery.fhir.xml.writer import to_xml
from tests.delivery.fhir.test_models import ADDRESSES
from tests.fhir_birds import birds, value_set
from tests.fhir_client import SYSTEM, parameters
from tests.fhir_elements import to_json
from tests.npm_packages import installed

FHIR_XML = "application/fhir+xml"
NARRATIVE = '<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><p>a &amp; b<br />c</p></div>'
CONVERTER = """
const { Fhir } = require('fhir'); const fhir = new Fhir();
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(given.map(x => typeof x === 'string' ? fhir.xmlToObj(x) : fhir.objToXml(x))));
"""
# Everything that XML writes in a way of its own: choices, repeated primitives with gaps, extensions and ids of
# primitives, numbers, truth values, line breaks, narratives, resources in resources.
RICH = {
    "resourceType": "Parameters",
    "id": "rich",
    "parameter": [
        {"id": "p1", "name": "text", "valueString": 'a "b" <c> & d\né'},
        {"name": "count", "valueInteger": 0},
        {"name": "share", "valueDecimal": 0.25},
        {"name": "is", "valueBoolean": False},
        {"name": "day", "_valueDate": {"extension": [{"url": "http://x.example/why", "valueCode": "unknown"}]}},
        {"name": "who", "valueHumanName": {"given": ["A", None, "C"], "_given": [None, {"id": "g2"}, None]}},
        {
            "name": "tx-resource",
            "resource": {
                "resourceType": "ValueSet",
                "text": {"status": "generated", "div": NARRATIVE},
                "contained": [{"resourceType": "CodeSystem", "id": "c", "status": "draft", "content": "complete"}],
                "url": "http://x.example/vs",
                "status": "draft",
                "compose": {"include": [{"system": "http://x.example/cs", "filter": [{"property": "p", "op": "="}]}]},
            },
        },
    ],
}


def converted(given: list) -> list:
    """What the npm package `fhir` makes of each: JSON of a text, XML of an object."""
    folder = installed("fhir-converter-4.12.0", "fhir@4.12.0")
    ran = subprocess.run(
        ["node", "-e", CONVERTER], input=json.dumps(given), env={"NODE_PATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return json.loads(ran.stdout)


def bare(parts: str) -> str:
    """Parameters with these elements."""
    return f'<Parameters xmlns="http://hl7.org/fhir">{parts}</Parameters>'


class TestWriting:
    def test_every_resource_and_answer_is_the_same_in_xml(self, fhir):
        for address in ADDRESSES:
            wanted = fhir.get(address).json
            assert from_xml(to_xml(wanted).encode()) == wanted, address
            answer = fhir.get(address, headers={"accept": FHIR_XML})
            assert answer.headers["Content-Type"] == f"{FHIR_XML}; fhirVersion=4.0"
            assert from_xml(answer.content)["resourceType"] == wanted["resourceType"]

    def test_a_foreign_library_reads_the_same(self, fhir):
        wanted = [fhir.get(address).json for address in ADDRESSES]
        assert converted([to_xml(resource) for resource in wanted]) == wanted

    def test_the_elements_are_those_of_hl7s_definitions(self):
        assert DEFINED.read_text("utf-8") == to_json()

    def test_elements_are_in_the_order_of_fhir(self):
        shuffled = dict(reversed(birds(title="Birds").items()))
        assert to_xml(shuffled) == to_xml(birds(title="Birds"))

    def test_pretty_xml_has_a_line_for_each_element_and_says_the_same(self):
        pretty = to_xml(RICH, is_pretty=True)
        assert '\n  <parameter id="p1">\n    <name value="text"/>' in pretty
        assert from_xml(pretty.encode()) == RICH

    @pytest.mark.parametrize("div", ["<div>no name space</div>", "<p", '<!DOCTYPE d><div xmlns="x"/>', "\x00\ufffe"])
    def test_a_narrative_that_is_not_xhtml_cannot_break_it(self, div):
        root = fromstring(to_xml({"resourceType": "ValueSet", "text": {"div": div}}))
        assert root.find(".//{http://www.w3.org/1999/xhtml}div") is not None


class TestReading:
    def test_it_reads_what_it_writes(self):
        assert from_xml(to_xml(RICH).encode()) == RICH

    def test_it_reads_what_a_foreign_library_writes(self, fhir):
        wanted = [fhir.get(address).json for address in ADDRESSES if "metadata" not in address]
        assert [from_xml(text.encode()) for text in converted(wanted)] == wanted

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ("<Parameters/>", ""),
            (bare('<parameter><nam value="x"/></parameter>'), "nam"),
            (bare("<parameter><name>x</name></parameter>"), "name"),
            (bare('<id value="a"/><id value="b"/>'), "id"),
            (bare("<id/>"), "id"),
            (bare("<parameter><resource/></parameter>"), "resource"),
            ('<Parameters xmlns="http://hl7.org/fhir" colour="red"/>', ""),
            ("<Parameters", ""),
            ("", ""),
            ('<!DOCTYPE x [<!ENTITY a "b">]>' + bare('<id value="&a;"/>'), ""),
            ('<?xml version="1.0" encoding="nonsense"?>' + bare(""), ""),
        ],
    )
    def test_what_is_not_fhir_is_refused_with_its_place(self, body, path):
        with pytest.raises(FhirError) as refused:
            from_xml(body.encode())
        assert refused.value.status == 400
        assert path in refused.value.issues[0].path

    def test_what_is_nested_without_end_is_refused(self):
        parts = "<part>" * 50_000 + "</part>" * 50_000
        with pytest.raises(FhirError, match="nested too deeply"):
            from_xml(bare(f"<parameter>{parts}</parameter>").encode())


class TestOverHttp:
    def test_an_operation_takes_xml_and_answers_in_it(self, fhir):
        asked = parameters(("valueSet", value_set()), ("tx-resource", birds()))
        answer = fhir.post("ValueSet/$expand", to_xml(asked), FHIR_XML)
        wanted = fhir.post("ValueSet/$expand", asked).json
        assert answer.headers["Content-Type"].startswith(FHIR_XML)
        assert from_xml(answer.content)["expansion"]["contains"] == wanted["expansion"]["contains"]

    def test_an_accept_header_counts_more_than_what_was_sent(self, fhir):
        asked = to_xml(parameters(("system", SYSTEM), ("code", "finger")))
        answer = fhir.post("CodeSystem/$lookup", asked, "text/xml", accept="application/fhir+json")
        assert answer.value("display") == "Finger"

    def test_a_batch_is_answered_in_xml(self, fhir):
        entry = {"request": {"method": "GET", "url": "ValueSet/conditions"}}
        answer = fhir.post("", to_xml({"resourceType": "Bundle", "type": "batch", "entry": [entry]}), FHIR_XML)
        assert from_xml(answer.content)["entry"][0]["resource"]["id"] == "conditions"

    @pytest.mark.parametrize("asked", [{"_format": "xml"}, {"headers": {"accept": "application/xml"}}])
    def test_an_error_has_the_form_that_was_asked_for(self, fhir, asked):
        answer = fhir.get("ValueSet/nothing", **asked)
        assert (answer.status, from_xml(answer.content)["issue"][0]["code"]) == (404, "not-found")

    def test_a_wrong_body_is_an_outcome_in_xml(self, fhir):
        answer = fhir.post("ValueSet/$expand", "<Parameters/>", FHIR_XML)
        assert (answer.status, from_xml(answer.content)["issue"][0]["code"]) == (400, "structure")
