"""The operations of this server: one table of what each takes and gives, from which everything else follows.

In: nothing. Out: `OPERATIONS`. It decides which parameters are understood (all others are refused), what
OperationDefinitions say, and what the capability statements list. Names and types are those of R4's own definitions
(https://hl7.org/fhir/R4/operations.html); `release` is an addition of this server, and the others that R4 does not
have are additions of R5 and of the FHIR terminology ecosystem.
"""

from content_app.delivery.fhir.terminology.operation_types import MANY, Operation, Parameter

RELEASE = Parameter("release", "integer", "The release of the library to read from. The default is the current one.")
LANGUAGE = Parameter(
    "displayLanguage", "code", "The languages for displays, in order of preference, as in Accept-Language."
)
RESOURCES = Parameter(
    "tx-resource", "Resource", "CodeSystems, ValueSets and ConceptMaps to use in addition to the library.", MANY
)
CACHE_ID = Parameter(
    "cache-id", "id",
    "A name for the resources in tx-resource. Later calls from the same client that give the same name use them again, "
    "for up to an hour. The server may forget them earlier: then send them again.",
)  # fmt: skip
SUPPLEMENT = Parameter("useSupplement", "canonical", "A code system supplement that must be used.", MANY)
# Names that clients of this ecosystem send and that cannot change an answer here: the HL7 validator's and test runner's
# own, and switches for what this server always does. They are accepted wherever they come.
WITHOUT_EFFECT = (
    "uuid",
    "default-to-latest-version",
    "incomplete-ok",
    "diagnostics",
    "log",
    "_",
    "_id-cache",
    "x-system-cache-id",
)
VERSIONS = (
    Parameter(
        "system-version", "canonical", "The system|version to use where the value set does not give a version.", MANY
    ),
    Parameter(
        "check-system-version",
        "canonical",
        "The system|version that must be used; any other version is an error.",
        MANY,
    ),
    Parameter(
        "force-system-version",
        "canonical",
        "The system|version to use, even if the value set gives another version.",
        MANY,
    ),
    Parameter(
        "default-valueset-version",
        "canonical",
        "The valueset|version to use where an import does not give a version.",
        MANY,
    ),
)
COMMON = (RELEASE, LANGUAGE, RESOURCES, CACHE_ID, SUPPLEMENT)
VALIDATED = (
    Parameter("code", "code", "The code to validate, together with its system."),
    Parameter("display", "string", "The display to validate with the code."),
    Parameter("coding", "Coding", "The code to validate, as a Coding."),
    Parameter("codeableConcept", "CodeableConcept", "The codes to validate. At least one of them must be valid."),
    Parameter("abstract", "boolean", "If false, a concept that only groups others is not valid."),
    Parameter("lenient-display-validation", "boolean", "If true, a wrong display is a warning, not an error."),
)
FOUND = (
    Parameter("result", "boolean", "Whether the code is valid.", least=1),
    Parameter("message", "string", "The errors, or anything else to note."),
    Parameter("display", "string", "The preferred display for the code."),
    Parameter("code", "code", "The code that was validated."),
    Parameter("system", "uri", "The code system of the code."),
    Parameter("version", "string", "The version of the code system that was used."),
    Parameter("codeableConcept", "CodeableConcept", "The CodeableConcept that was validated, if there was one."),
    Parameter("normalized-code", "code", "The code in the correct upper or lower case."),
    Parameter("inactive", "boolean", "True if the concept should no longer be used."),
    Parameter("status", "code", "The status of a concept that should no longer be used."),
    Parameter("issues", "OperationOutcome", "All errors and warnings, with their location."),
    Parameter("x-unknown-system", "canonical", "A code system that this server does not know.", MANY),
    Parameter("x-caused-by-unknown-system", "canonical", "An unknown code system that the value set needs.", MANY),
)
VALIDATION = Parameter(
    "validation", "Parameters",
    "The parameters of one validate-code call. Parameters outside it apply to all calls that do not set them.",
    MANY, least=1,
)  # fmt: skip
EACH = (
    Parameter(
        "validation", "Resource", "The result of each call, or an OperationOutcome that says why there is none.", MANY
    ),
)
PART_CODE = Parameter("code", "code", "The code of the property.", least=1)
HL7 = "http://hl7.org/fhir/OperationDefinition"

LOOKUP = Operation(
    "CodeSystem", "lookup", "Look up a code",
    "Get everything known about a code: its names, definition, properties and place in the hierarchy.",
    (
        Parameter("code", "code", "The code, together with its system."),
        Parameter("system", "uri", "The code system."),
        Parameter("version", "string", "The version of the code system. The default is the latest."),
        Parameter("coding", "Coding", "The code, as a Coding."),
        Parameter(
            "property", "code", "The properties to return, such as designation or parent. The default is all.", MANY,
        ),
        *COMMON,
    ),
    (
        Parameter("name", "string", "The name of the code system.", least=1),
        Parameter("version", "string", "The version of the code system that was used."),
        Parameter("display", "string", "The preferred name.", least=1),
        Parameter("code", "code", "The code."),
        Parameter("system", "uri", "The code system."),
        Parameter("abstract", "boolean", "True for a concept that only groups others."),
        Parameter("definition", "string", "The definition of the concept."),
        Parameter("used-supplement", "canonical", "A supplement that was used.", MANY),
        Parameter(
            "designation", "", "Another name of the concept.", MANY,
            parts=(
                Parameter("language", "code", "The language of the name."),
                Parameter("use", "Coding", "The type of name."),
                Parameter("source", "canonical", "The supplement that contains the name."),
                Parameter("value", "string", "The name.", least=1),
            ),
        ),
        Parameter(
            "property", "", "A property.", MANY,
            parts=(
                PART_CODE,
                Parameter("value", "*", "The value of the property."),
                Parameter("description", "string", "The value of the property in words."),
            ),
        ),
    ),
    is_on_instance=False, base=f"{HL7}/CodeSystem-lookup",
)  # fmt: skip
CODE_SYSTEM_VALIDATE = Operation(
    "CodeSystem", "validate-code", "Validate a code",
    "Check whether a code is in a code system and its display is correct.",
    (
        Parameter("url", "uri", "The code system."),
        Parameter("codeSystem", "CodeSystem", "The code system itself, as a resource."),
        Parameter("system", "uri", "Another name for url."),
        Parameter("version", "string", "The version of the code system. The default is the latest."),
        *VALIDATED, *VERSIONS[:3], *COMMON,
    ),
    FOUND, base=f"{HL7}/CodeSystem-validate-code",
)  # fmt: skip
SUBSUMES = Operation(
    "CodeSystem", "subsumes", "Compare two codes", "Check whether one code includes the other.",
    (
        Parameter("codeA", "code", "The first code."),
        Parameter("codeB", "code", "The second code."),
        Parameter("system", "uri", "The code system of both."),
        Parameter("version", "string", "The version of the code system. The default is the latest."),
        Parameter("codingA", "Coding", "The first code, as a Coding."),
        Parameter("codingB", "Coding", "The second code, as a Coding."),
        RELEASE, RESOURCES, CACHE_ID,
    ),
    (Parameter("outcome", "code", "equivalent, subsumes, subsumed-by or not-subsumed.", least=1),),
    base=f"{HL7}/CodeSystem-subsumes",
)  # fmt: skip
EXPAND = Operation(
    "ValueSet", "expand", "Expand a value set", "Get the codes in a value set.",
    (
        Parameter("url", "uri", "The value set."),
        Parameter("valueSet", "ValueSet", "The value set itself, as a resource."),
        Parameter("valueSetVersion", "string", "The version of the value set. The default is the latest."),
        Parameter("filter", "string", "Words that must all occur in one of the names, or in the code."),
        Parameter("offset", "integer", "The number of codes to skip."),
        Parameter("count", "integer", "The number of codes to return; 0 for the total only."),
        Parameter("includeDesignations", "boolean", "If true, all names are included."),
        Parameter("designation", "string", "The names to include: urn:ietf:bcp:47|language, or system|use.", MANY),
        Parameter("includeDefinition", "boolean", "If true, the definition of the value set is included."),
        Parameter("activeOnly", "boolean", "If true, concepts that should no longer be used are left out."),
        Parameter(
            "excludeNested", "boolean", "If true, the expansion is a list. Otherwise it is a tree, unless it is paged.",
        ),
        Parameter("excludeNotForUI", "boolean", "If true, concepts that only group others are left out."),
        Parameter("excludePostCoordinated", "boolean", "Has no effect, because there are no such codes."),
        Parameter("exclude-system", "canonical", "A system, or system|version, whose codes are left out.", MANY),
        Parameter("property", "code", "The properties to return with each code.", MANY),
        *VERSIONS, *COMMON,
    ),
    (Parameter("return", "ValueSet", "The value set with its expansion.", least=1),),
    base=f"{HL7}/ValueSet-expand",
)  # fmt: skip
VALUE_SET_VALIDATE = Operation(
    "ValueSet", "validate-code", "Validate a code",
    "Check whether a code is in a value set and its display is correct.",
    (
        Parameter("url", "uri", "The value set."),
        Parameter("valueSet", "ValueSet", "The value set itself, as a resource."),
        Parameter("valueSetVersion", "string", "The version of the value set. The default is the latest."),
        Parameter("system", "uri", "The code system of the code."),
        Parameter("systemVersion", "string", "The version of the code system of the code."),
        Parameter("inferSystem", "boolean", "If true, the code system is inferred from the value set."),
        Parameter("activeOnly", "boolean", "If true, a concept that should no longer be used is not valid."),
        Parameter("valueset-membership-only", "boolean", "If true, only membership of the value set is checked."),
        *VALIDATED, *VERSIONS, *COMMON,
    ),
    FOUND, base=f"{HL7}/ValueSet-validate-code",
)  # fmt: skip
CODE_SYSTEM_BATCH = Operation(
    "CodeSystem", "batch-validate-code", "Validate several codes",
    "Validate many codes in one call, as with validate-code.",
    (VALIDATION, *CODE_SYSTEM_VALIDATE.takes), EACH, base=CODE_SYSTEM_VALIDATE.base,
)  # fmt: skip
VALUE_SET_BATCH = Operation(
    "ValueSet", "batch-validate-code", "Validate several codes",
    "Validate many codes in one call, as with validate-code.",
    (VALIDATION, *VALUE_SET_VALIDATE.takes), EACH, base=VALUE_SET_VALIDATE.base,
)  # fmt: skip
TRANSLATED_IN_R5 = (
    Parameter("sourceCode", "code", "The name of code in R5."),
    Parameter("sourceSystem", "uri", "The name of system in R5: the code system of the code."),
    Parameter("sourceCoding", "Coding", "The name of coding in R5."),
    Parameter("sourceCodeableConcept", "CodeableConcept", "The name of codeableConcept in R5."),
    Parameter("targetCode", "code", "A code on the target side. In R5 this replaces reverse."),
    Parameter("targetCoding", "Coding", "The same as targetCode, as a Coding."),
    Parameter("targetCodeableConcept", "CodeableConcept", "The same as targetCode, as a CodeableConcept."),
    Parameter("sourceScope", "uri", "The name of source in R5."),
    Parameter("targetScope", "uri", "The name of target in R5."),
    Parameter("targetSystem", "uri", "The name of targetsystem in R5. With targetCode, the system of that code."),
)
TRANSLATE = Operation(
    "ConceptMap", "translate", "Translate a code",
    "Find the codes of another code system for a code, in either direction.",
    (
        Parameter("url", "uri", "The concept map. The default is all that apply."),
        Parameter("conceptMap", "ConceptMap", "The concept map itself, as a resource."),
        Parameter("conceptMapVersion", "string", "The version of the concept map. The default is the latest."),
        Parameter("code", "code", "The code, together with its system."),
        Parameter("system", "uri", "The code system of the code."),
        Parameter("version", "string", "The version of the code system, if only that version is acceptable."),
        Parameter("coding", "Coding", "The code, as a Coding."),
        Parameter("codeableConcept", "CodeableConcept", "The codes to translate. Each one is translated."),
        Parameter("source", "uri", "The value set that contains the code."),
        Parameter("target", "uri", "The value set to translate to."),
        Parameter("targetsystem", "uri", "The code system to translate to."),
        Parameter("reverse", "boolean", "If true, the map is used in reverse, from target to source."),
        *TRANSLATED_IN_R5, RELEASE, RESOURCES, CACHE_ID,
    ),
    (
        Parameter("result", "boolean", "Whether a code was found.", least=1),
        Parameter("message", "string", "The reason, if no code was found."),
        Parameter(
            "match", "", "A code, and how closely it matches the one you asked for.", MANY,
            parts=(
                Parameter("equivalence", "code", "The equivalence of the match to the code you asked for."),
                Parameter("concept", "Coding", "The code. It is absent if the equivalence is unmatched."),
                Parameter("source", "uri", "The map that contains the match; in R5 also the coding that was mapped."),
                Parameter("originMap", "canonical", "The name of source in R5, returned if you use R5 names."),
            ),
        ),
    ),
    base=f"{HL7}/ConceptMap-translate",
)  # fmt: skip
DOCUMENT = Operation(
    "Composition", "document", "Get as a document", "Get the Composition as a Bundle of type document.",
    (Parameter("persist", "boolean", "Only false is allowed, because this server stores nothing."), RELEASE),
    (Parameter("return", "Bundle", "The document.", least=1),),
    base=f"{HL7}/Composition-document",
)  # fmt: skip
VERSIONS_OF_FHIR = Operation(
    "CapabilityStatement", "versions", "List the versions of FHIR",
    "List the versions of FHIR that this server supports.",
    (RELEASE,),
    (
        Parameter("version", "code", "A supported version of FHIR.", MANY, least=1),
        Parameter("default", "code", "The version that is used by default.", least=1),
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
