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
    Term("condition", "Condition", "A health condition that people are diagnosed with."),
    Term(
        "concept", "Concept", "An idea that helps to explain conditions, such as a mechanism, a pattern or a body site."
    ),
    Term("symptom_type", "Symptom type", "Something that a person feels or an examiner observes."),
    Term("example", "Example", "A short scene, an analogy or a contrast that makes an idea clear."),
)

COLLECTIONS = {
    "condition": "conditions",
    "concept": "concepts",
    "symptom_type": "symptom-types",
    "example": "examples",
    "source": "sources",
}

TOPICS = table(
    Term("mechanism", "Mechanism", "A proposed explanation of how a condition arises."),
    Term("normal_physiology", "Normal physiology", "How the body works without the condition."),
    Term("presentation_pattern", "Presentation pattern", "A way in which a condition presents."),
    Term("feature", "Feature", "A characteristic of a condition or of one of its patterns."),
    Term("impact", "Impact", "The effect of a condition on a person's life."),
    Term(
        "lived_experience",
        "Lived experience",
        "What it can feel like to live with a condition. This is not a clinical finding.",
    ),
    Term("knowledge_gap", "Knowledge gap", "Something that is not known."),
    Term("population", "Population", "A group of people."),
    Term("body_site", "Body site", "A region or tissue of the body."),
    Term("trigger", "Trigger", "An event or contact that is followed by pain."),
)

SUBTOPICS = table(
    Term("distribution", "Distribution", "Where in the body the pain is felt.", "presentation_pattern"),
    Term("constancy", "Constancy", "Whether the pain is constant or comes and goes.", "presentation_pattern"),
    Term("onset", "Onset", "How the condition begins.", "presentation_pattern"),
    Term("course", "Course", "How the condition develops over time.", "presentation_pattern"),
    Term("phenotype", "Phenotype", "A form of the condition that resembles another condition.", "presentation_pattern"),
    Term("age_group", "Age group", "People at a certain stage of life.", "population"),
    Term("body_region", "Body region", "A part of the body.", "body_site"),
    Term("tissue", "Tissue", "A type of body tissue, wherever it is.", "body_site"),
    Term("minor_mechanical", "Minor mechanical", "A small knock or bump.", "trigger"),
    Term("innocuous_mechanical", "Innocuous mechanical", "Contact that would normally be harmless.", "trigger"),
    Term("tissue_injury", "Tissue injury", "An injury to body tissue.", "trigger"),
)

CATEGORIES = table(
    Term("pain", "Pain", "Pain in general."),
    Term("pain_response", "Pain response", "Pain in response to a stimulus."),
    Term("pain_quality", "Pain quality", "How the pain feels, for example burning or aching."),
    Term("pain_distribution", "Pain distribution", "Where the pain is felt and how far it extends."),
    Term("pain_tissue", "Pain tissue", "The tissue in which the pain is felt."),
    Term("pain_severity", "Pain severity", "How strong the pain is."),
    Term("pain_duration", "Pain duration", "How long the pain lasts."),
    Term("autonomic_function", "Autonomic function", "A function that the body regulates automatically."),
    Term("autonomic_sign", "Autonomic sign", "A change caused by disturbed automatic regulation."),
    Term("sign_group", "Sign group", "A group of related signs."),
)

OBSERVATIONS = table(
    Term("reported", "Reported", "Felt and reported by the person: a symptom."),
    Term("observed", "Observed", "Seen or measured by an examiner: a sign."),
    Term("reported_or_observed", "Reported or observed", "The source does not say whether it is reported or observed."),
    Term("function", "Function", "A body function that the source calls disturbed, without saying how."),
)

FORMS = table(
    Term("vignette", "Vignette", "A short scene from daily life."),
    Term("analogy", "Analogy", "A comparison that helps to explain an idea. It is not a fact."),
    Term("contrast", "Contrast", "The same situation without the condition."),
)

ASPECTS = table(
    Term("overview", "Overview", "what it is"),
    Term("mechanism", "Mechanism", "how it is thought to arise"),
    Term("cause", "Cause", "why it arises, if that is known"),
    Term("normal_function", "Normal function", "how the body works without the condition"),
    Term("symptoms", "Symptoms and signs", "what the person feels and what others can see"),
    Term("onset_and_course", "Onset and course", "how it begins and develops"),
    Term("who_is_affected", "Who is affected", "which groups of people have it"),
    Term("presentation", "Presentation", "the forms it can take"),
    Term("related_conditions", "Related conditions", "conditions that are related or similar"),
    Term("impact", "Impact", "its effects on daily life"),
    Term("lived_experience", "Lived experience", "what it can feel like to live with it"),
    Term("terminology", "Terminology", "the terms that clinicians use, and their meaning"),
    Term("classification", "Classification", "its place in classifications"),
    Term("epidemiology", "Epidemiology", "prevalence, incidence, sex ratio, age and ethnicity"),
    Term("duration_threshold", "Duration threshold", "how long it must last to count as long-lasting"),
    Term("risk_factors", "Risk factors", "factors that raise the risk, including genetics"),
    Term("psychosocial_factors", "Psychosocial factors", "stress, mood, family, school and illness behaviour"),
    Term(
        "other_symptoms",
        "Other symptoms",
        "problems such as fatigue, poor sleep, headaches, stomach trouble, or poor memory or attention",
    ),
    Term("function", "Daily function", "walking, use of the limbs, school attendance and disability"),
    Term("diagnosis", "Diagnosis", "criteria, examination, tests, imaging and who makes the diagnosis"),
    Term("differential", "Differential diagnosis", "other conditions that it could be"),
    Term("red_flags", "Red flags", "warning signs and when to seek help"),
    Term("treatment", "Treatment", "physiotherapy, occupational therapy, psychological therapy and medicines"),
    Term("self_management", "Self-management", "what a person, a family or a school can do"),
    Term("prognosis", "Prognosis", "remission, relapse, the length of episodes and the long-term outcome"),
    Term("complications", "Complications", "harm from disuse, from too many tests or from medicines"),
    Term("prevention", "Prevention", "ways to prevent it"),
    Term("neurobiology", "Neurobiology", "transmitters, receptors, pathways and imaging findings"),
    Term("coding", "Coding", "classification codes"),
    Term("clinical_terms", "Clinical terms", "the professional terms for the symptoms and signs described"),
    Term("evidence", "Evidence", "author, date, publisher, references and review date"),
)

# The aspects whose absence must always be said, because a reader could take silence for an answer.
MISSED_MOST = ("red_flags", "diagnosis", "treatment", "prognosis", "self_management", "differential")

ASSERTIONS = table(
    Term("stated", "Stated", "The source says it without a hedge. This does not mean that it is proven."),
    Term("hedged", "Stated with a hedge", "The source says that it may be so, or can be so."),
    Term("example", "Given as an example", "The source gives it as an example; there may be others."),
    Term("unknown", "Said to be unknown", "The source says that this is not known."),
)

LIKELIHOODS = table(
    Term("likely", "Likely", "Considered likely, but not proven."),
    Term("proposed", "Proposed", "Offered as an explanation."),
    Term("hypothesis", "Hypothesis", "An idea that has not been tested yet."),
)

LAYERS = table(
    Term("source_text", "Lay source", "From the lay text that the library started from."),
    Term("literature", "Literature", "From published literature, which is often about a wider group of people."),
)

POPULATIONS = table(
    Term("amps", "AMPS", "People with amplified musculoskeletal pain syndrome."),
    Term("crps", "CRPS", "People with complex regional pain syndrome."),
    Term("juvenile_fibromyalgia", "Juvenile fibromyalgia", "Children and teenagers with fibromyalgia."),
    Term("fibromyalgia", "Fibromyalgia", "People with fibromyalgia, mostly adults."),
    Term("chronic_pain_in_children", "Chronic pain in children", "Children and teenagers with any chronic pain."),
    Term(
        "children_with_musculoskeletal_pain",
        "Children with musculoskeletal pain",
        "Children and teenagers with pain in muscles, bones or joints, of any cause.",
    ),
    Term("adults_with_crps", "Adults with CRPS", "Adults with complex regional pain syndrome."),
    Term("adults", "Adults", "Adults, with or without one of these conditions."),
    Term("terminology", "No population", "A definition of a term, or a matter of wording. It is not about a group."),
)

FREQUENCIES = table(
    Term("often", "Often", "The source says that this happens often."),
    Term("sometimes", "Sometimes", "The source says that this happens sometimes."),
    Term("some_people", "In some people", "The source says that this happens in some people."),
    Term("other_people", "In other people", "This happens in other people, in contrast to a group named before."),
    Term("other_times", "At other times", "This happens at other times, in contrast to a case named before."),
    Term("can", "Can happen", "This can happen. The source does not say how often."),
)

MODALITIES = table(
    Term("asserted", "Asserted", "Stated directly."),
    Term("possible", "Possible", "Stated as a possibility."),
    Term("illustrative", "Illustrative", "Given as an example. There may be others."),
    Term("experiential", "Experiential", "A description of how it feels, not a clinical finding."),
    Term("analogy", "Analogy", "Expressed as a comparison."),
)

CAUSE_STATUSES = table(
    Term("unknown", "Unknown", "The cause is not known."),
    Term("partly_known", "Partly known", "Part of the cause is known."),
    Term("known", "Known", "The cause is known."),
    Term("not_stated", "Not stated", "The sources used here do not mention the cause."),
)

NAME_TYPES = table(
    Term("preferred", "Preferred name", "The name to show to readers in this language."),
    Term("synonym", "Synonym", "Another name for the same thing."),
    Term("abbreviation", "Abbreviation", "A short form of the name."),
    Term("everyday_wording", "Everyday wording", "Words that patients and families use."),
    Term(
        "clinical_term",
        "Clinical term",
        "A term that clinicians use. The note says how its meaning differs, if it does.",
    ),
    Term("historical", "Historical name", "A name that is no longer used."),
)

MATCHES = table(
    Term("exact", "Exact match", "The code means the same as the item."),
    Term("close", "Close match", "The code means nearly the same as the item."),
    Term("broad", "Broad match", "The code is broader than the item."),
    Term("narrow", "Narrow match", "The code is narrower than the item."),
    Term("related", "Related match", "The code is for something related to the item."),
    Term("none", "No code exists", "No matching code was found in the named release of this code system."),
    Term("not_checked", "Not checked", "Nobody has looked for a code in a release of this code system yet."),
)

# The matches of a coding that has no code.
WITHOUT_CODE = ("none", "not_checked")

VERIFICATIONS = table(
    Term("verified", "Verified", "Checked in the named release of the code system."),
    Term(
        "corroborated", "Corroborated", "Found in two or more independent public sources, but not checked in a release."
    ),
    Term("single_source", "Single source", "Found in one public source only. Check it again before use."),
    Term(
        "verified_via_xref",
        "Verified by cross-reference",
        "Found as a cross-reference in another code system.",
    ),
    Term("not_checked", "Not checked", "No release of the code system was available to check the code in."),
)

SOURCE_TYPES = table(
    Term("lay_text", "Lay text", "A text for the public that gives no references."),
    Term("article", "Journal article", "An article in a scientific journal."),
    Term("guideline", "Guideline", "A guideline from a health organisation."),
    Term("terminology", "Terminology", "Definitions or a code system from a professional organisation."),
    Term("web_page", "Web page", "A web page of a hospital or other organisation."),
    Term("book", "Book", "A book or a chapter in a book."),
)

# The strongest first: the evidence of a statement is that of its strongest source.
EVIDENCE_LEVELS = table(
    Term("guideline", "Guideline", "A guideline of a health body."),
    Term("systematic_review", "Systematic review", "A review of studies by a stated method."),
    Term("randomised_trial", "Randomised trial", "A trial in which treatments were allocated at random."),
    Term("cohort", "Cohort", "Observations of a group of people."),
    Term("diagnostic_accuracy", "Diagnostic accuracy study", "A study of how well a test or criteria work."),
    Term("case_control", "Case-control study", "A comparison of people with and without a condition."),
    Term("case_series", "Case series", "Observations of patients without a comparison group."),
    Term("consensus", "Consensus", "Criteria or statements that experts agreed on by a stated method."),
    Term("classification", "Classification", "A classification or code system and its definitions."),
    Term("regulator", "Regulator", "A decision or label of a medicines regulator."),
    Term("expert_opinion", "Expert opinion", "The view of experts, including narrative reviews and definitions."),
    Term("unreferenced_lay_text", "Unreferenced lay text", "A text for the public that cites no sources."),
)

REVIEW_STATES = table(
    Term("not_clinically_reviewed", "Not yet clinically reviewed", "No clinician has signed off the content yet."),
    Term("clinically_reviewed", "Clinically reviewed", "A clinician has signed off this exact content."),
)

NOTICE_TYPES = table(
    Term(
        "safety",
        "Safety alert",
        "New information that affects safety. Readers must see it first. It is announced in `Link`.",
    ),
    Term("retracted_source", "Retracted source", "The item cites a source that has been retracted."),
    Term("caution", "Caution", "A standing caution that readers must see first. It is not new information."),
    Term("cause_unknown", "Cause unknown", "The cause is not known. This notice is shown beside every mechanism."),
    Term("analogy", "Analogy", "The item is a comparison, not a fact."),
    Term(
        "when_to_seek_help",
        "When to seek help",
        "The sources do not say when to seek help, so readers are told to ask a health professional.",
    ),
    Term("not_clinically_reviewed", "Not yet clinically reviewed", "No clinician has signed off the content yet."),
    Term(
        "information_only",
        "Information only",
        "The content is information. It is not a diagnosis or advice for an individual.",
    ),
)

SIGNIFICANCES = table(
    Term("safety", "Safety", "A change that affects someone's safety. Read it at once."),
    Term("substantive", "Substantive", "A change to the meaning."),
    Term("editorial", "Editorial", "A change to the wording only."),
)

STATUSES = table(
    Term("draft", "Draft", "Being written."),
    Term("in_review", "In review", "Waiting for a reviewer."),
    Term("approved", "Approved", "Signed off, waiting to be published."),
    Term("published", "Published", "Readers see the same version as editors."),
    Term("withdrawn", "Withdrawn", "Withdrawn from readers. A tombstone remains at its address."),
)

WITHDRAWAL_REASONS = table(
    Term("withdrawn", "Withdrawn", "Taken out of use. There is no replacement."),
    Term("replaced", "Replaced", "Another item replaces it."),
    Term("gone", "Gone", "Removed permanently. Its content must not be used."),
)

IMPORT_STATES = table(
    Term("checking", "Being checked", "It is read, and compared with the library."),
    Term("refused", "Refused", "Something in it is wrong; nothing was stored."),
    Term("ready", "Ready to import", "Its differences are shown; nothing is stored yet."),
    Term("applying", "Being imported", "Its documents are becoming drafts, all together."),
    Term("applied", "Imported", "Everything in it is stored, as drafts."),
    Term("failed", "Failed", "It could not be finished; nothing was stored."),
    Term("discarded", "Discarded", "Somebody discarded it; nothing was stored."),
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
    "assertions": ASSERTIONS,
    "likelihoods": LIKELIHOODS,
    "layers": LAYERS,
    "populations": POPULATIONS,
    "frequencies": FREQUENCIES,
    "modalities": MODALITIES,
    "cause_statuses": CAUSE_STATUSES,
    "name_types": NAME_TYPES,
    "matches": MATCHES,
    "verifications": VERIFICATIONS,
    "source_types": SOURCE_TYPES,
    "evidence_levels": EVIDENCE_LEVELS,
    "review_states": REVIEW_STATES,
    "notice_types": NOTICE_TYPES,
    "significances": SIGNIFICANCES,
    "withdrawal_reasons": WITHDRAWAL_REASONS,
}
