"""The types of relation: one table, with inverse label, symmetry and what each may join.

In: nothing. Out: `PREDICATES`, by code. No Django, no database.
"""

from content_app.vocabulary.terms import Predicate

CONDITION = ("condition",)
CONCEPT = ("concept",)
SYMPTOM_TYPE = ("symptom_type",)
EXAMPLE = ("example",)
MECHANISM = ("concept:mechanism",)
KNOWLEDGE_GAP = ("concept:knowledge_gap",)
POPULATION = ("concept:population",)
BODY_SITE = ("concept:body_site",)
TRIGGER = ("concept:trigger",)
PATTERN = ("concept:presentation_pattern",)
PAIN_QUALITY = ("symptom_type:pain_quality",)
PRESENTING = CONDITION + PATTERN

PREDICATES = {
    predicate.code: predicate
    for predicate in (
        Predicate(
            "related_to",
            "related to",
            "related to",
            "An association that is not a hierarchy.",
            CONDITION,
            CONDITION,
            True,
        ),
        Predicate(
            "contrasts_with",
            "contrasts with",
            "contrasts with",
            "Differs from it in a way that the note explains.",
            CONDITION,
            CONDITION,
            True,
        ),
        Predicate(
            "not_the_same_as",
            "is not the same as",
            "is not the same as",
            "Often confused with it, but different. The two must not share a name.",
            CONDITION + SYMPTOM_TYPE + CONCEPT,
            CONDITION + SYMPTOM_TYPE + CONCEPT,
            True,
        ),
        Predicate(
            "umbrella_for",
            "is an umbrella term for",
            "falls under the umbrella term",
            "How some authors group conditions. Always shown as the view of the cited sources.",
            CONDITION,
            CONDITION,
        ),
        Predicate(
            "is_kind_of",
            "is a kind of",
            "has kind",
            "A narrower type of it. These relations form a hierarchy without cycles.",
            CONDITION + CONCEPT + SYMPTOM_TYPE,
            CONDITION + CONCEPT + SYMPTOM_TYPE,
        ),
        Predicate(
            "has_mechanism",
            "has proposed mechanism",
            "is a proposed mechanism of",
            "A proposed explanation. Always shown with its likelihood and with a note that the cause is unknown.",
            CONDITION,
            MECHANISM,
        ),
        Predicate(
            "has_knowledge_gap",
            "has knowledge gap",
            "is a knowledge gap of",
            "Something that is not known about it.",
            CONDITION,
            KNOWLEDGE_GAP,
        ),
        Predicate(
            "has_feature",
            "has feature",
            "is a feature of",
            "A characteristic of it.",
            PRESENTING,
            ("concept:feature", "concept:impact", "concept:lived_experience"),
        ),
        Predicate(
            "has_symptom",
            "has symptom or sign",
            "occurs in",
            "A symptom that people feel or a sign that others see.",
            PRESENTING,
            SYMPTOM_TYPE,
        ),
        Predicate(
            "has_quality",
            "has pain quality",
            "is a pain quality in",
            "How its pain feels.",
            PRESENTING,
            PAIN_QUALITY,
        ),
        Predicate(
            "has_pattern",
            "has presentation pattern",
            "is a pattern of",
            "A way in which it presents.",
            PRESENTING,
            PATTERN,
        ),
        Predicate(
            "resembles",
            "resembles",
            "is resembled by",
            "Resembles it. This does not mean that it is the same.",
            PATTERN,
            CONDITION,
        ),
        Predicate(
            "affects_population",
            "affects",
            "is affected by",
            "A group of people who have it.",
            CONDITION,
            POPULATION,
        ),
        Predicate(
            "affects_function",
            "affects function",
            "is affected by",
            "A body function that it affects.",
            CONCEPT,
            SYMPTOM_TYPE,
        ),
        Predicate(
            "leads_to",
            "leads to",
            "results from",
            "A claim about cause and effect. Always shown with its likelihood.",
            CONCEPT,
            CONCEPT + SYMPTOM_TYPE,
        ),
        Predicate(
            "manifests_as",
            "manifests as",
            "is a manifestation of",
            "A symptom or sign in which it becomes apparent.",
            CONCEPT,
            SYMPTOM_TYPE,
        ),
        Predicate(
            "disturbs",
            "disturbs",
            "is disturbed by",
            "Something that it stops from working normally.",
            CONCEPT,
            CONCEPT,
        ),
        Predicate("worsens", "worsens", "is worsened by", "Something that it makes worse.", CONCEPT, CONCEPT),
        Predicate(
            "is_normal_counterpart_of",
            "is the normal counterpart of",
            "is the disturbed counterpart of",
            "How the same process works without the condition.",
            ("concept:normal_physiology",),
            MECHANISM,
        ),
        Predicate("part_of", "is part of", "has part", "A part of something larger.", CONCEPT, CONCEPT),
        Predicate(
            "occurs_at",
            "occurs for example at",
            "is an example site of",
            "An example of a site. There may be others.",
            PATTERN,
            BODY_SITE,
        ),
        Predicate(
            "can_trigger",
            "can trigger",
            "can be triggered by",
            "An event that can be followed by the onset.",
            TRIGGER,
            PATTERN,
        ),
        Predicate(
            "illustrates",
            "illustrates",
            "is illustrated by",
            "The idea that the example makes clear.",
            EXAMPLE,
            CONCEPT + SYMPTOM_TYPE,
        ),
        Predicate(
            "analogy_for",
            "is an analogy for",
            "has analogy",
            "The idea that the analogy represents. Never shown as fact.",
            EXAMPLE,
            CONCEPT,
        ),
        Predicate("involves_site", "involves", "appears in", "A body site in the example.", EXAMPLE, BODY_SITE),
        Predicate(
            "starts_from",
            "starts from",
            "is the starting point of",
            "The trigger in the example.",
            EXAMPLE,
            TRIGGER,
        ),
    )
}
