"""The words of Infobutton: parameters, sub-topics, tasks and media types, each once.

In: nothing. Out: tables. No Django, no database.
Sources: HL7 Context-Aware Knowledge Retrieval (Infobutton), URL-Based Implementations, Release 4; the parameter
descriptions of MedlinePlus Connect and OpenInfobutton; MeSH qualifiers.
"""

from content_app.delivery.http.atom import MEDIA_TYPE
from content_app.vocabulary.code_systems import SYSTEM_NAMES

MESH = "2.16.840.1.113883.6.177"
CODED = ("c", "cs", "dn", "ot")


def _coded(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}.{part}" for part in CODED)


# What decides the answer.
CRITERIA = _coded("mainSearchCriteria.v")
SUB_TOPICS = _coded("subTopic.v")
DECISIVE = (
    *CRITERIA,
    *SUB_TOPICS,
    *_coded("taskContext.c"),
    "informationRecipient",
    "performer",
    "informationRecipient.languageCode.c",
    "performer.languageCode.c",
    "informationRecipient.languageCode",
    "performer.languageCode",
    "knowledgeResponseType",
    "callback",
    "release",
    "as_of",
)

# Context that the standard sends along. It is taken, changes nothing, and is neither kept nor echoed: age, sex and
# place are about a patient.
CONTEXT = (
    *_coded("patientPerson.administrativeGenderCode"),
    *_coded("ageGroup.v"),
    *_coded("severityObservation.interpretationCode"),
    *_coded("informationRecipient.healthCareProvider.c"),
    *_coded("performer.healthCareProvider.c"),
    *_coded("encounter.c"),
    *_coded("observation.c"),
    *_coded("observation.v"),
    "age.v.v",
    "age.v.u",
    "observation.v.v",
    "observation.v.u",
    "observation.valueNegationInd",
    "observation.nullFlavor",
    "observation.effectiveTime.v",
    "locationOfInterest.addr.ZIP",
    "locationOfInterest.addr.CTY",
    "locationOfInterest.addr.STA",
    "locationOfInterest.addr.CNT",
    "serviceDeliveryLocation.id.root",
    "representedOrganization.id.root",
    "assignedEntity.n",
    "assignedEntity.certificateText",
    "assignedEntity.representedOrganization.n",
    "assignedEntity.representedOrganization.id.root",
    "assignedAuthorizedPerson.id.root",
    "holder.assignedEntity.n",
    "holder.assignedEntity.certificateText",
    "knowledgeRequestNotification.effectiveTime.v",
    # OpenInfobutton's own, and what JavaScript libraries add against caches.
    "executionMode",
    "transform",
    "xsltTransform",
    "_",
)
PARAMETERS = DECISIVE + CONTEXT

AUDIENCES = {"PROV": "clinical", "PAT": "plain"}
AUDIENCE_NAMES = {"clinical": "for clinicians", "plain": "in plain words"}

# MeSH qualifiers and headings of the sub-topic value set → (name in MeSH, aspects that answer to it).
MESH_SUB_TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Q000175": ("diagnosis", ("diagnosis", "differential")),
    "D003937": ("Diagnosis, Differential", ("differential", "related_conditions")),
    "Q000209": ("etiology", ("cause", "risk_factors", "onset_and_course")),
    "Q000503": ("physiopathology", ("mechanism", "neurobiology", "normal_function")),
    "Q000628": ("therapy", ("treatment", "self_management")),
    "Q000188": ("drug therapy", ("treatment",)),
    "Q000534": ("rehabilitation", ("treatment", "self_management", "function")),
    "Q000453": ("epidemiology", ("epidemiology", "who_is_affected")),
    "Q000150": ("complications", ("complications", "red_flags")),
    "Q000517": ("prevention & control", ("prevention",)),
    "Q000523": ("psychology", ("psychosocial_factors", "impact", "lived_experience")),
    "Q000145": ("classification", ("classification", "terminology", "coding")),
    "D011379": ("Prognosis", ("prognosis", "duration_threshold")),
}
# One qualifier per aspect, for naming sections: the first that lists the aspect.
QUALIFIER_OF_ASPECT = {
    aspect: (code, name)
    for code, (name, aspects) in reversed(MESH_SUB_TOPICS.items())
    for aspect in aspects
    if code != "D003937"
}

# How the code of a task begins → aspects that come first. Order only: nothing is ever left out for a task.
ASPECTS_FIRST_IN_TASK = {
    "PROBLIST": ("overview", "treatment", "self_management"),
    "DIAG": ("differential", "related_conditions", "diagnosis", "red_flags", "presentation", "symptoms"),
}

# The systems that charts use, by OID; those that content is coded in by their other names as well.
SYSTEM_LABELS = {
    "2.16.840.1.113883.6.103": "ICD-9-CM",
    "2.16.840.1.113883.6.88": "RxNorm",
    "2.16.840.1.113883.6.69": "NDC",
    "2.16.840.1.113883.6.1": "LOINC",
    "2.16.840.1.113883.6.12": "CPT",
    **{name: system.name for name, system in SYSTEM_NAMES.items()},
}

XML, JSON, HTML, SCRIPT = "text/xml", "application/json", "text/html", "application/javascript"
# In the order in which this server prefers them where a client weighs them alike.
MEDIA_TYPES = {
    XML: XML,
    MEDIA_TYPE: XML,
    "application/xml": XML,
    JSON: JSON,
    HTML: HTML,
    SCRIPT: SCRIPT,
    "text/javascript": SCRIPT,
}

XSI = "http://www.w3.org/2001/XMLSchema-instance"
