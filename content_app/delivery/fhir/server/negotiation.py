"""Which representation a client wants: FHIR JSON, plain JSON, or a page to read.

In: the `_format` parameter and the `Accept` header. Out: a media type (https://hl7.org/fhir/R4/http.html#mime-type).
Raises FhirError 406 for XML, Turtle and other versions of FHIR: this server speaks JSON of R4 only.
"""

from content_app.delivery.fhir.terminology.outcome import FhirError, refusal

FHIR_JSON = "application/fhir+json"
JSON = "application/json"
HTML = "text/html"
FORMATS = {
    "json": FHIR_JSON, "application/fhir+json": FHIR_JSON, "application/json": JSON, "text/json": JSON,
    "html": HTML, "text/html": HTML,
}  # fmt: skip
ACCEPTED = {
    "*/*": FHIR_JSON,
    "application/*": FHIR_JSON,
    FHIR_JSON: FHIR_JSON,
    JSON: JSON,
    "text/json": JSON,
    HTML: HTML,
}
VERSIONS = ("4.0", "4.0.1")


def media_type(format_parameter: str | None, accept: str | None) -> str:
    """The media type to answer in."""
    if format_parameter is not None:
        named, parameters = _parsed(
            format_parameter.replace(" ", "+", 1) if "fhir json" in format_parameter else format_parameter
        )
        if named in FORMATS and _is_this_version(parameters):
            return FORMATS[named]
        raise not_acceptable()
    if not accept or not accept.strip():
        return FHIR_JSON
    ranges = [(*_parsed(part), place) for place, part in enumerate(accept.split(","))]
    fitting = [
        (-_weight(parameters), place, ACCEPTED[named])
        for named, parameters, place in ranges
        if named in ACCEPTED and _weight(parameters) > 0 and _is_this_version(parameters)
    ]
    if not fitting:
        raise not_acceptable()
    return min(fitting)[2]


def _parsed(text: str) -> tuple[str, dict[str, str]]:
    """A media range and its parameters."""
    named, *rest = (part.strip() for part in text.split(";"))
    pairs = (part.partition("=")[::2] for part in rest)
    return named.lower(), {key.strip().lower(): value.strip().strip('"') for key, value in pairs}


def _weight(parameters: dict[str, str]) -> float:
    try:
        return float(parameters.get("q", 1))
    except ValueError:
        return 1.0


def _is_this_version(parameters: dict[str, str]) -> bool:
    return parameters.get("fhirversion", "4.0") in VERSIONS


def not_acceptable() -> FhirError:
    return refusal(406, "not-supported", f"Available are {FHIR_JSON} (fhirVersion=4.0), {JSON}, and {HTML} for reads")
