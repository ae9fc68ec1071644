"""Which representation a client wants: FHIR as JSON or XML, or a page to read.

In: the `_format` parameter, the `Accept` header, what the body of the request was written in. Out: a media type
(https://hl7.org/fhir/R4/http.html#mime-type). Raises FhirError 406 for Turtle and for other versions of FHIR.
"""

from content_app.delivery.fhir.terminology.outcome import FhirError, refusal
from content_app.delivery.http.negotiation import ANYTHING, Range, first_served, media_range, ranges

FHIR_JSON, FHIR_XML = "application/fhir+json", "application/fhir+xml"
JSON, XML = "application/json", "application/xml"
HTML = "text/html"
# The last two are how DSTU2 named them; clients that know several versions still send both.
JSON_NAMES = {FHIR_JSON: FHIR_JSON, JSON: JSON, "text/json": JSON, "application/json+fhir": FHIR_JSON}
XML_NAMES = {FHIR_XML: FHIR_XML, XML: XML, "text/xml": XML, "application/xml+fhir": FHIR_XML}
ACCEPTED = {FHIR_JSON: FHIR_JSON, HTML: HTML, **JSON_NAMES, **XML_NAMES}
FORMATS = {**ACCEPTED, "json": FHIR_JSON, "xml": FHIR_XML, "html": HTML}
VERSIONS = ("4.0", "4.0.1")


def media_type(format_parameter: str | None, accept: str | None, *, sent: str = "", is_paged: bool = True) -> str:
    """The media type to answer in. Raises FhirError 406.

    Without a wish it is XML for a body `sent` as XML. What has no page (`is_paged`) is answered in the next form that
    is accepted: browsers, which name XML for the sake of pages, get JSON.
    """
    if format_parameter is not None:
        asked = media_range(format_parameter.replace("fhir json", "fhir+json").replace("fhir xml", "fhir+xml"))
        wanted = FORMATS.get(asked.name) if _is_this_version(asked) else None
    elif sent in XML_NAMES and (accept or ANYTHING).strip() == ANYTHING:
        wanted = XML_NAMES[sent]
    else:
        named = [each for each in ranges(accept) if _is_this_version(each)]
        choices = (tuple(ACCEPTED),) if is_paged else (tuple(JSON_NAMES), tuple(XML_NAMES))
        wanted = next((ACCEPTED[served] for served in (first_served(named, each) for each in choices) if served), None)
    if wanted is None or (wanted == HTML and not is_paged):
        raise not_acceptable()
    return wanted


def _is_this_version(wanted: Range) -> bool:
    return wanted.parameters.get("fhirversion", "4.0") in VERSIONS


def not_acceptable() -> FhirError:
    text = f"Accept {FHIR_JSON} or {FHIR_XML} (fhirVersion=4.0), {JSON}, {XML}, or {HTML} for reads"
    return refusal(406, "not-supported", text)
