"""Which representation a client wants: FHIR JSON, plain JSON, or a page to read.

In: the `_format` parameter and the `Accept` header. Out: a media type (https://hl7.org/fhir/R4/http.html#mime-type).
Raises FhirError 406 for XML, Turtle and other versions of FHIR: this server speaks JSON of R4 only.
"""

from content_app.delivery.fhir.terminology.outcome import FhirError, refusal
from content_app.delivery.http.negotiation import Range, first_served, media_range, ranges

FHIR_JSON = "application/fhir+json"
JSON = "application/json"
HTML = "text/html"
ACCEPTED = {FHIR_JSON: FHIR_JSON, JSON: JSON, HTML: HTML, "text/json": JSON}
FORMATS = {**ACCEPTED, "json": FHIR_JSON, "html": HTML}
VERSIONS = ("4.0", "4.0.1")


def media_type(format_parameter: str | None, accept: str | None, *, without: str | None = None) -> str:
    """The media type to answer in; `without` is one that the answer does not have. Raises FhirError 406."""
    if format_parameter is None:
        available = tuple(name for name, kind in ACCEPTED.items() if kind != without)
        served = first_served(filter(_is_this_version, ranges(accept)), available)
        wanted = ACCEPTED.get(served or "")
    else:
        asked = media_range(format_parameter.replace("fhir json", "fhir+json"))
        wanted = FORMATS.get(asked.name) if _is_this_version(asked) else None
    if wanted is None or wanted == without:
        raise not_acceptable()
    return wanted


def _is_this_version(wanted: Range) -> bool:
    return wanted.parameters.get("fhirversion", "4.0") in VERSIONS


def not_acceptable() -> FhirError:
    return refusal(406, "not-supported", f"Accept {FHIR_JSON} (fhirVersion=4.0), {JSON}, or {HTML} for reads")
