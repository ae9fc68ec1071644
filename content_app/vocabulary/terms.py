"""The words that content is made of: one table per vocabulary, each entry with a code, a label and a meaning.

In: nothing. Out: tables of `Term` and `Predicate`, keyed by code, in display order. No Django, no database.
Code systems stand in `code_systems.py`. `/api/v1/vocabulary/` serves those that are `PUBLISHED`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One word of a vocabulary. `code` is what is stored and served; `within` names the term it belongs to."""

    code: str
    label: str
    meaning: str
    within: str = ""


@dataclass(frozen=True)
class Predicate:
    """One type of relation.

    `subjects` and `objects` say what it may join: a kind (`concept`) or a kind and its topic or category
    (`concept:mechanism`). A symmetric predicate reads the same in both directions and is stored once.
    """

    code: str
    label: str
    inverse_label: str
    meaning: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    is_symmetric: bool = False

    @property
    def subject_kinds(self) -> frozenset[str]:
        return frozenset(place.partition(":")[0] for place in self.subjects)

    @property
    def object_kinds(self) -> frozenset[str]:
        return frozenset(place.partition(":")[0] for place in self.objects)


def table(*terms: Term) -> dict[str, Term]:
    """The terms by code, in the order given."""
    return {term.code: term for term in terms}


def choices(terms: dict[str, Term]) -> list[tuple[str, str]]:
    """A vocabulary as Django field choices: (code, label) pairs."""
    return [(term.code, term.label) for term in terms.values()]


KINDS = table(
    Term("condition", "Condition", "A state of health that people are told they have."),
    Term("concept", "Concept", "An idea needed to explain conditions: a mechanism, a pattern, a body site …"),
    Term("symptom_type", "Symptom type", "Something a person feels or an examiner sees."),
    Term("example", "Example", "A short scene, a figure of speech or a contrast that makes an idea clear."),
)

COLLECTIONS = {
    "condition": "conditions",
    "concept": "concepts",
    "symptom_type": "symptom-types",
    "example": "examples",
    "source": "sources",
}

TOPICS = table(
    Term("mechanism", "Mechanism", "A proposed way in which a condition comes about."),
    Term("normal_physiology", "Normal physiology", "How the body works without the condition."),
    Term("presentation_pattern", "Presentation pattern", "A way in which a condition shows itself."),
    Term("feature", "Feature", "A trait of a condition or of one of its patterns."),
    Term("impact", "Impact", "What a condition does to the life of a person."),
    Term(
        "lived_experience",
        "Lived experience",
        "How it can feel to live with a condition; not a clinical finding.",
    ),
    Term("knowledge_gap", "Knowledge gap", "What is not known."),
    Term("population", "Population", "A group of people."),
    Term("body_site", "Body site", "A region or tissue of the body."),
    Term("trigger", "Trigger", "An event or contact after which pain begins or is felt."),
)

SUBTOPICS = table(
    Term("distribution", "Distribution", "Where in the body the pain is.", "presentation_pattern"),
    Term("constancy", "Constancy", "Whether the pain pauses.", "presentation_pattern"),
    Term("onset", "Onset", "How it begins.", "presentation_pattern"),
    Term("course", "Course", "How it goes on over time.", "presentation_pattern"),
    Term("phenotype", "Phenotype", "A form that resembles another condition.", "presentation_pattern"),
    Term("age_group", "Age group", "People of one stage of life.", "population"),
    Term("body_region", "Body region", "A part of the body.", "body_site"),
    Term("tissue", "Tissue", "A tissue, wherever it is.", "body_site"),
    Term("minor_mechanical", "Minor mechanical", "A small knock.", "trigger"),
    Term("innocuous_mechanical", "Innocuous mechanical", "Contact that should be harmless.", "trigger"),
    Term("tissue_injury", "Tissue injury", "An injury.", "trigger"),
)

CATEGORIES = table(
    Term("pain", "Pain", "Pain as such."),
    Term("pain_response", "Pain response", "Pain in answer to a stimulus."),
    Term("pain_quality", "Pain quality", "What the pain feels like."),
    Term("pain_distribution", "Pain distribution", "Where the pain is and how far it reaches."),
    Term("pain_tissue", "Pain tissue", "The tissue in which the pain is felt."),
    Term("pain_severity", "Pain severity", "How strong the pain is."),
    Term("pain_duration", "Pain duration", "How long the pain lasts."),
    Term("autonomic_function", "Autonomic function", "A function that the body regulates without thought."),
    Term("autonomic_sign", "Autonomic sign", "A change that comes from disturbed automatic regulation."),
    Term("sign_group", "Sign group", "A heading over several signs."),
)

OBSERVATIONS = table(
    Term("reported", "Reported", "Felt and told by the person: a symptom."),
    Term("observed", "Observed", "Seen or measured by an examiner: a sign."),
    Term("reported_or_observed", "Reported or observed", "The source does not say which."),
    Term("function", "Function", "A body function that is named as disturbed, without direction."),
)

FORMS = table(
    Term("vignette", "Vignette", "A short scene from daily life."),
    Term("analogy", "Analogy", "A figure of speech. Never a fact."),
    Term("contrast", "Contrast", "How the same thing goes without the condition."),
)

ASPECTS = table(
    Term("overview", "Overview", "what it is"),
    Term("mechanism", "Mechanism", "how it is thought to come about"),
    Term("cause", "Cause", "why it comes about, and what is not known of that"),
    Term("normal_function", "Normal function", "how the body works without the condition"),
    Term("symptoms", "Symptoms and signs", "what is felt and what is seen"),
    Term("onset_and_course", "Onset and course", "how it begins and goes on"),
    Term("who_is_affected", "Who is affected", "which groups of people have it"),
    Term("presentation", "Presentation", "the forms in which it shows itself"),
    Term("related_conditions", "Related conditions", "conditions that are related to it or resemble it"),
    Term("impact", "Impact", "what it does to daily life"),
    Term("lived_experience", "Lived experience", "how it can feel to live with it"),
    Term("terminology", "Terminology", "what clinicians call it, and what the words mean"),
    Term("classification", "Classification", "where classifications place it"),
    Term("epidemiology", "Epidemiology", "prevalence, incidence, sex ratio, ages, ethnicity"),
    Term("duration_threshold", "Duration threshold", "how long counts as long-lasting"),
    Term("risk_factors", "Risk factors", "risk or predisposing factors, genetics"),
    Term("psychosocial_factors", "Psychosocial factors", "stress, mood, family, school, illness behaviour"),
    Term("other_symptoms", "Other symptoms", "fatigue, sleep, headache, gut, memory or attention complaints"),
    Term("function", "Daily function", "walking, limb disuse, school attendance, disability"),
    Term("diagnosis", "Diagnosis", "criteria, examination, tests, imaging, who diagnoses"),
    Term("differential", "Differential diagnosis", "what else it could be"),
    Term("red_flags", "Red flags", "warning features and when to seek help"),
    Term("treatment", "Treatment", "physiotherapy, occupational therapy, psychological therapy, medicines"),
    Term("self_management", "Self-management", "what a person, a family or a school can do"),
    Term("prognosis", "Prognosis", "remission, relapse, duration of episodes, long-term outcome"),
    Term("complications", "Complications", "harm from disuse, over-investigation, medicines"),
    Term("prevention", "Prevention", "any preventive measure"),
    Term("neurobiology", "Neurobiology", "named transmitters, receptors, pathways, imaging findings"),
    Term("coding", "Coding", "any classification code"),
    Term("clinical_terms", "Clinical terms", "the professional names of what is described"),
    Term("evidence", "Evidence", "author, date, publisher, references, review date"),
)

CERTAINTIES = table(
    Term("established", "Established", "Stated by the source without a hedge."),
    Term("likely", "Likely", "Held to be likely, not proven."),
    Term("proposed", "Proposed", "Offered as an explanation."),
    Term("hypothesis", "Hypothesis", "An idea that still has to be tested."),
    Term("unknown", "Unknown", "Said to be not known."),
)

FREQUENCIES = table(
    Term("often", "Often", "Often."),
    Term("sometimes", "Sometimes", "Sometimes."),
    Term("some_people", "In some people", "In some people."),
    Term("other_people", "In other people", "In others, as against the first group named."),
    Term("other_times", "At other times", "At other times, as against the first case named."),
    Term("can", "Can happen", "Can happen; how often is not said."),
)

MODALITIES = table(
    Term("asserted", "Asserted", "Said as it is."),
    Term("possible", "Possible", "Said to be possible."),
    Term("illustrative", "Illustrative", "Given as an example; the list is open."),
    Term("experiential", "Experiential", "Said of how it feels, not as a clinical finding."),
    Term("analogy", "Analogy", "Said by way of comparison."),
)

CAUSE_STATUSES = table(
    Term("unknown", "Unknown", "Why it comes about is not known."),
    Term("partly_known", "Partly known", "Part of why it comes about is known."),
    Term("known", "Known", "Why it comes about is known."),
    Term("not_stated", "Not stated", "The sources used here do not speak of the cause."),
)

NAME_TYPES = table(
    Term("preferred", "Preferred name", "The name to show in this language."),
    Term("synonym", "Synonym", "Another name for the same thing."),
    Term("abbreviation", "Abbreviation", "A short form."),
    Term("everyday_wording", "Everyday wording", "What patients and families say."),
    Term("clinical_term", "Clinical term", "What clinicians call it; the note says where it differs."),
    Term("historical", "Historical name", "A name no longer used."),
)

MATCHES = table(
    Term("exact", "Exact match", "The code means the same."),
    Term("close", "Close match", "The code means nearly the same."),
    Term("broad", "Broad match", "The code is wider than the item."),
    Term("narrow", "Narrow match", "The code is narrower than the item."),
    Term("related", "Related match", "The code is about something associated."),
    Term("none", "No code exists", "Looked for in this code system and not there."),
)

VERIFICATIONS = table(
    Term("verified", "Verified", "Read from the named release of the code system."),
    Term("corroborated", "Corroborated", "Two or more independent public sources; no release read."),
    Term("single_source", "Single source", "One public source only; recheck before use."),
    Term(
        "verified_via_xref",
        "Verified by cross-reference",
        "Read as a cross-reference in another code system.",
    ),
    Term("not_checked", "Not checked", "No release could be read."),
)

SOURCE_TYPES = table(
    Term("lay_text", "Lay text", "A text for the public without references of its own."),
    Term("article", "Journal article", "An article in a scientific journal."),
    Term("guideline", "Guideline", "A guideline of a health body."),
    Term("terminology", "Terminology", "Definitions or a code system of a professional body."),
    Term("web_page", "Web page", "A page of a hospital or organisation."),
    Term("book", "Book", "A book or a chapter of one."),
)

EVIDENCE_LEVELS = table(
    Term("guideline", "Guideline", "A guideline based on a review of evidence."),
    Term("systematic_review", "Systematic review", "A review by a stated method."),
    Term("cohort", "Cohort", "Observations of a group of people."),
    Term(
        "expert_opinion",
        "Expert opinion",
        "The view of experts, including narrative reviews and definitions.",
    ),
    Term("unreferenced_lay_text", "Unreferenced lay text", "A text that names no sources."),
)

NOTICE_TYPES = table(
    Term("safety", "Safety notice", "News that matters for safety. Readers must see it first; it comes with a `Link`."),
    Term("retracted_source", "Retracted source", "It rests on a source that was retracted."),
    Term("caution", "Caution", "What always holds, and readers must see first. It is no news."),
    Term("cause_unknown", "Cause unknown", "Stands beside every mechanism."),
    Term("analogy", "Analogy", "It is a figure of speech, not a fact."),
    Term("when_to_seek_help", "When to seek help", "The sources are silent on when to seek help."),
    Term("information_only", "Information only", "What this content is not."),
)

SIGNIFICANCES = table(
    Term("safety", "Safety", "A change that matters for somebody's safety: read at once."),
    Term("substantive", "Substantive", "A change of meaning."),
    Term("editorial", "Editorial", "A change of wording only."),
)

STATUSES = table(
    Term("draft", "Draft", "Being written."),
    Term("in_review", "In review", "Waiting for a reviewer."),
    Term("approved", "Approved", "Signed off, waiting to be published."),
    Term("published", "Published", "What readers see is what editors see."),
    Term("withdrawn", "Withdrawn", "Taken back; its address says so."),
)

WITHDRAWAL_REASONS = table(
    Term("withdrawn", "Withdrawn", "Taken back, without a replacement."),
    Term("replaced", "Replaced", "Another item takes its place."),
    Term("gone", "Gone", "Removed for good; its content is not to be used."),
)

IMPORT_STATES = table(
    Term("checking", "Being checked", "It is read, and compared with the library."),
    Term("refused", "Refused", "Something in it is wrong; nothing was stored."),
    Term("ready", "Ready to import", "Its differences are shown; nothing is stored yet."),
    Term("applying", "Being imported", "Its documents are becoming drafts, all together."),
    Term("applied", "Imported", "Everything in it is stored, as drafts."),
    Term("failed", "Failed", "It could not be finished; nothing was stored."),
    Term("discarded", "Discarded", "Nobody wanted it; nothing was stored."),
)

# What readers meet, by the names under which they are told.
PUBLISHED = {
    "kinds": KINDS,
    "topics": TOPICS,
    "subtopics": SUBTOPICS,
    "categories": CATEGORIES,
    "observations": OBSERVATIONS,
    "forms": FORMS,
    "aspects": ASPECTS,
    "certainties": CERTAINTIES,
    "frequencies": FREQUENCIES,
    "modalities": MODALITIES,
    "cause_statuses": CAUSE_STATUSES,
    "name_types": NAME_TYPES,
    "matches": MATCHES,
    "verifications": VERIFICATIONS,
    "source_types": SOURCE_TYPES,
    "evidence_levels": EVIDENCE_LEVELS,
    "notice_types": NOTICE_TYPES,
    "significances": SIGNIFICANCES,
    "withdrawal_reasons": WITHDRAWAL_REASONS,
}
