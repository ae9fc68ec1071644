"""The operations of this server: one table of what each takes and gives, from which everything else follows.

In: nothing. Out: `OPERATIONS`. It decides which parameters are understood (all others are refused), what
OperationDefinitions say, and what the capability statements list. Names and types are those of R4's own definitions
(https://hl7.org/fhir/R4/operations.html); `release` is an addition of this server, and the others that R4 does not
have are additions of R5 and of the FHIR terminology ecosystem.
"""

from content_app.delivery.fhir.terminology.operation_types import MANY, Operation, Parameter

RELEASE = Parameter("release", "integer", "Answer as of this release of the library; the current one without it.")
LANGUAGE = Parameter("displayLanguage", "code", "Languages for displays, best first, as in Accept-Language.")
RESOURCES = Parameter(
    "tx-resource", "Resource", "CodeSystems, ValueSets and ConceptMaps to use beside the library.", MANY
)
SUPPLEMENT = Parameter("useSupplement", "canonical", "A code system supplement that must be used.", MANY)
CACHE = Parameter("cache-id", "string", "Taken and not needed: send tx-resource with each request.")
VERSIONS = (
    Parameter("system-version", "canonical", "system|version to use where the value set names none.", MANY),
    Parameter(
        "check-system-version", "canonical", "system|version that must be used, or the answer is an error.", MANY
    ),
    Parameter("force-system-version", "canonical", "system|version to use whatever the value set names.", MANY),
    Parameter("default-valueset-version", "canonical", "valueset|version to use where an import names none.", MANY),
)
COMMON = (RELEASE, LANGUAGE, RESOURCES, SUPPLEMENT, CACHE)
VALIDATED = (
    Parameter("code", "code", "The code to validate; with it goes its system."),
    Parameter("display", "string", "The display to validate with the code."),
    Parameter("coding", "Coding", "The code to validate, as a Coding."),
    Parameter("codeableConcept", "CodeableConcept", "The codes to validate; one has to be right."),
    Parameter("abstract", "boolean", "False: a concept that only groups others is not accepted."),
    Parameter("lenient-display-validation", "boolean", "True: a wrong display is a warning, not an error."),
)
FOUND = (
    Parameter("result", "boolean", "Whether the code is right.", least=1),
    Parameter("message", "string", "What is wrong, or what to note."),
    Parameter("display", "string", "The display to show."),
    Parameter("code", "code", "The code that was validated."),
    Parameter("system", "uri", "Its code system."),
    Parameter("version", "string", "The version of the code system that was used."),
    Parameter("codeableConcept", "CodeableConcept", "What was validated, if it was a CodeableConcept."),
    Parameter("normalized-code", "code", "The code in its right case."),
    Parameter("inactive", "boolean", "True if the concept should no longer be used."),
    Parameter("status", "code", "Why not."),
    Parameter("issues", "OperationOutcome", "Every error and warning, with its place."),
    Parameter("x-unknown-system", "canonical", "A code system that is not known here.", MANY),
    Parameter("x-caused-by-unknown-system", "canonical", "The same, where the value set needs it.", MANY),
)
VALIDATION = Parameter(
    "validation", "Parameters",
    "One question of validate-code. What stands beside it holds for every question that does not say it itself.",
    MANY, least=1,
)  # fmt: skip
EACH = (Parameter("validation", "Resource", "The answer to each question, or the OperationOutcome of why not.", MANY),)
PART_CODE = Parameter("code", "code", "Which property.", least=1)
HL7 = "http://hl7.org/fhir/OperationDefinition"

LOOKUP = Operation(
    "CodeSystem", "lookup", "Look up a code", "All that is known of a code: names, definition, properties, hierarchy.",
    (
        Parameter("code", "code", "The code; with it goes its system."),
        Parameter("system", "uri", "The code system."),
        Parameter("version", "string", "The version of the code system; the latest without it."),
        Parameter("coding", "Coding", "The code, as a Coding."),
        Parameter("property", "code", "Properties wanted, such as designation or parent; all without it.", MANY),
        *COMMON,
    ),
    (
        Parameter("name", "string", "The name of the code system.", least=1),
        Parameter("version", "string", "The version that was used."),
        Parameter("display", "string", "The preferred name.", least=1),
        Parameter("code", "code", "The code."),
        Parameter("system", "uri", "The code system."),
        Parameter("abstract", "boolean", "True for a concept that only groups others."),
        Parameter("definition", "string", "What the concept means."),
        Parameter("used-supplement", "canonical", "A supplement that was used.", MANY),
        Parameter(
            "designation", "", "Another name.", MANY,
            parts=(
                Parameter("language", "code", "Its language."),
                Parameter("use", "Coding", "What sort of name it is."),
                Parameter("source", "canonical", "The supplement that it is from."),
                Parameter("value", "string", "The name.", least=1),
            ),
        ),
        Parameter(
            "property", "", "A property.", MANY,
            parts=(
                PART_CODE,
                Parameter("value", "*", "Its value."),
                Parameter("description", "string", "The value in words."),
            ),
        ),
    ),
    is_on_instance=False, base=f"{HL7}/CodeSystem-lookup",
)  # fmt: skip
CODE_SYSTEM_VALIDATE = Operation(
    "CodeSystem", "validate-code", "Validate a code", "Whether a code is in a code system, and its display right.",
    (
        Parameter("url", "uri", "The code system."),
        Parameter("codeSystem", "CodeSystem", "The code system itself."),
        Parameter("system", "uri", "The same as url."),
        Parameter("version", "string", "The version of the code system; the latest without it."),
        *VALIDATED, *VERSIONS[:3], *COMMON,
    ),
    FOUND, base=f"{HL7}/CodeSystem-validate-code",
)  # fmt: skip
SUBSUMES = Operation(
    "CodeSystem", "subsumes", "Compare two codes", "Whether one code includes the other.",
    (
        Parameter("codeA", "code", "The first code."),
        Parameter("codeB", "code", "The second code."),
        Parameter("system", "uri", "The code system of both."),
        Parameter("version", "string", "The version of the code system; the latest without it."),
        Parameter("codingA", "Coding", "The first code, as a Coding."),
        Parameter("codingB", "Coding", "The second code, as a Coding."),
        RELEASE, RESOURCES,
    ),
    (Parameter("outcome", "code", "equivalent, subsumes, subsumed-by or not-subsumed.", least=1),),
    base=f"{HL7}/CodeSystem-subsumes",
)  # fmt: skip
EXPAND = Operation(
    "ValueSet", "expand", "Expand a value set", "The codes in a value set.",
    (
        Parameter("url", "uri", "The value set."),
        Parameter("valueSet", "ValueSet", "The value set itself."),
        Parameter("valueSetVersion", "string", "The version of the value set; the latest without it."),
        Parameter("filter", "string", "Words that have to stand in one name, or in the code."),
        Parameter("offset", "integer", "How many codes to pass over."),
        Parameter("count", "integer", "How many codes to give; 0 for the total only."),
        Parameter("includeDesignations", "boolean", "True: with all names."),
        Parameter("designation", "string", "Names wanted: urn:ietf:bcp:47|language, or system|use.", MANY),
        Parameter("includeDefinition", "boolean", "True: with the definition of the value set."),
        Parameter("activeOnly", "boolean", "True: without concepts that should no longer be used."),
        Parameter("excludeNested", "boolean", "True: a list; else a tree, unless it is paged."),
        Parameter("excludeNotForUI", "boolean", "True: without concepts that only group others."),
        Parameter("excludePostCoordinated", "boolean", "Makes no difference: there are no such codes here."),
        Parameter("exclude-system", "canonical", "system, or system|version, whose codes are left out.", MANY),
        Parameter("property", "code", "Properties wanted with each code.", MANY),
        *VERSIONS, *COMMON,
    ),
    (Parameter("return", "ValueSet", "The value set with its expansion.", least=1),),
    base=f"{HL7}/ValueSet-expand",
)  # fmt: skip
VALUE_SET_VALIDATE = Operation(
    "ValueSet", "validate-code", "Validate a code", "Whether a code is in a value set, and its display right.",
    (
        Parameter("url", "uri", "The value set."),
        Parameter("valueSet", "ValueSet", "The value set itself."),
        Parameter("valueSetVersion", "string", "The version of the value set; the latest without it."),
        Parameter("system", "uri", "The code system of the code."),
        Parameter("systemVersion", "string", "The version of the code system that the code is from."),
        Parameter("inferSystem", "boolean", "True: find the code system in the value set."),
        Parameter("activeOnly", "boolean", "True: a concept that should no longer be used is not accepted."),
        Parameter("valueset-membership-only", "boolean", "True: only whether the code is in the value set."),
        *VALIDATED, *VERSIONS, *COMMON,
    ),
    FOUND, base=f"{HL7}/ValueSet-validate-code",
)  # fmt: skip
CODE_SYSTEM_BATCH = Operation(
    "CodeSystem", "batch-validate-code", "Validate several codes", "As validate-code, for many codes in one call.",
    (VALIDATION, *CODE_SYSTEM_VALIDATE.takes), EACH, base=CODE_SYSTEM_VALIDATE.base,
)  # fmt: skip
VALUE_SET_BATCH = Operation(
    "ValueSet", "batch-validate-code", "Validate several codes", "As validate-code, for many codes in one call.",
    (VALIDATION, *VALUE_SET_VALIDATE.takes), EACH, base=VALUE_SET_VALIDATE.base,
)  # fmt: skip
TRANSLATED_IN_R5 = (
    Parameter("sourceCode", "code", "R5's name of code."),
    Parameter("sourceSystem", "uri", "The code system of the code; R4 calls it system."),
    Parameter("sourceCoding", "Coding", "R5's name of coding."),
    Parameter("sourceCodeableConcept", "CodeableConcept", "R5's name of codeableConcept."),
    Parameter("targetCode", "code", "A code on the target side: R5's way to ask with reverse."),
    Parameter("targetCoding", "Coding", "The same, as a Coding."),
    Parameter("targetCodeableConcept", "CodeableConcept", "The same, as a CodeableConcept."),
    Parameter("sourceScope", "uri", "R5's name of source."),
    Parameter("targetScope", "uri", "R5's name of target."),
    Parameter("targetSystem", "uri", "R5's name of targetsystem; with targetCode, the system of that code."),
)
TRANSLATE = Operation(
    "ConceptMap", "translate", "Translate a code", "Codes of another code system for a code, in either direction.",
    (
        Parameter("url", "uri", "The concept map; all that fit without it."),
        Parameter("conceptMap", "ConceptMap", "The concept map itself."),
        Parameter("conceptMapVersion", "string", "The version of the concept map; the latest without it."),
        Parameter("code", "code", "The code; with it goes its system."),
        Parameter("system", "uri", "The code system of the code."),
        Parameter("version", "string", "The version of the code system, if only that one will do."),
        Parameter("coding", "Coding", "The code, as a Coding."),
        Parameter("codeableConcept", "CodeableConcept", "The codes; each is translated."),
        Parameter("source", "uri", "The value set that the code is from."),
        Parameter("target", "uri", "The value set that a code is wanted of."),
        Parameter("targetsystem", "uri", "The code system that a code is wanted of."),
        Parameter("reverse", "boolean", "True: from the target side of the map to its source side."),
        *TRANSLATED_IN_R5, RELEASE, RESOURCES,
    ),
    (
        Parameter("result", "boolean", "Whether there is a code for it.", least=1),
        Parameter("message", "string", "Why not."),
        Parameter(
            "match", "", "A code, and how it stands to the one that was asked for.", MANY,
            parts=(
                Parameter("equivalence", "code", "How the match stands to the code asked for."),
                Parameter("concept", "Coding", "The code; none for unmatched."),
                Parameter("source", "uri", "The map that says so; in R5 also the coding mapped from."),
                Parameter("originMap", "canonical", "R5's name of source: given to who asks in R5's names."),
            ),
        ),
    ),
    base=f"{HL7}/ConceptMap-translate",
)  # fmt: skip
DOCUMENT = Operation(
    "Composition", "document", "Get as a document", "The Composition as a Bundle of type document.",
    (Parameter("persist", "boolean", "Only false: nothing is stored here."), RELEASE),
    (Parameter("return", "Bundle", "The document.", least=1),),
    base=f"{HL7}/Composition-document",
)  # fmt: skip
VERSIONS_OF_FHIR = Operation(
    "CapabilityStatement", "versions", "List the versions of FHIR", "Which versions of FHIR are spoken here.",
    (RELEASE,),
    (
        Parameter("version", "code", "A version of FHIR.", MANY, least=1),
        Parameter("default", "code", "The one that is spoken without asking.", least=1),
    ),
    is_on_instance=False, base=f"{HL7}/CapabilityStatement-versions", is_on_system=True,
)  # fmt: skip
OPERATIONS = (
    LOOKUP, CODE_SYSTEM_VALIDATE, CODE_SYSTEM_BATCH, SUBSUMES, EXPAND, VALUE_SET_VALIDATE, VALUE_SET_BATCH, TRANSLATE,
    DOCUMENT, VERSIONS_OF_FHIR,
)  # fmt: skip


def operation(resource: str, code: str) -> Operation | None:
    """The operation of this name on this type."""
    return next((entry for entry in OPERATIONS if (entry.resource, entry.code) == (resource, code)), None)
