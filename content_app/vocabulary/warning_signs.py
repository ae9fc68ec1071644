"""The words with which people tell of signs that may need prompt medical care, and what to answer first.

In: nothing. Out: `WARNING_SIGNS`, each with the phrases that name it, and the notices. A phrase is a set of words that
may stand in any order. The list is closed: search never corrects these words, never leaves them out, and answers
them with a notice before anything else. It is wide on purpose, because a notice too many does no harm.

Source of the signs: Paediatric Musculoskeletal Matters, red flags of the limping child; the list of this project's
clinical review; and signs that any first-aid course calls an emergency.
"""

from dataclasses import dataclass

SEEK_HELP = (
    "Your search contains a possible warning sign: {signs}. This library cannot tell whether it is harmless, and the "
    "results below are not an answer to it. Ask a doctor or nurse about it soon, and today if the person is unwell, "
    "very sleepy or getting worse. In an emergency, call your local emergency number."
)
CRISIS = (
    "If you or someone else may be in danger, call your local emergency number now. If you are thinking about harming "
    "yourself, talk to someone today: a person you trust, a doctor or a crisis line. This library cannot help with it."
)


@dataclass(frozen=True)
class WarningSign:
    """One sign: how a notice names it, and the phrases that name it in a search, with commas between them."""

    code: str
    label: str
    written: str
    is_crisis: bool = False

    @property
    def phrases(self) -> list[str]:
        return [" ".join(phrase.split()) for phrase in self.written.split(",")]


WARNING_SIGNS = (
    WarningSign(
        "fever",
        "fever",
        """
        fever, feverish, fevers, febrile, high temperature, temperature 38, chills, shivering
        """,
    ),
    WarningSign(
        "night_pain",
        "pain at night or waking with pain",
        """
        night pain, pain at night, hurts at night, aches at night, pain nights, nighttime pain, nocturnal
        pain, wakes night, woken night, waking night, wakes up pain, woken by pain, waking pain, cannot sleep
        pain, cant sleep pain
        """,
    ),
    WarningSign(
        "night_sweats",
        "night sweats",
        """
        night sweats, night sweating, sweats at night, sweating at night
        """,
    ),
    WarningSign(
        "weight_loss",
        "weight loss",
        """
        weight loss, lose weight, loses weight, losing weight, lost weight, not growing, stopped growing, not
        gaining weight
        """,
    ),
    WarningSign(
        "loss_of_appetite",
        "loss of appetite",
        """
        appetite, not eating, wont eat, stopped eating, not hungry, off food, not drinking, wont drink
        """,
    ),
    WarningSign(
        "pallor",
        "looking pale",
        """
        pallor, pale, paleness, very white, gone white, grey skin, blue lips
        """,
    ),
    WarningSign(
        "bruising",
        "bruising or bleeding",
        """
        bruise, bruises, bruised, bruising, bleeding, nosebleeds, petechiae
        """,
    ),
    WarningSign(
        "lump",
        "a lump",
        """
        lump, lumps, lumpy, tumour, tumor, mass, cancer, leukaemia, leukemia, lymphoma
        """,
    ),
    WarningSign(
        "swollen_glands",
        "swollen glands",
        """
        gland, glands, lymph node, lymph nodes, swollen belly, swollen tummy
        """,
    ),
    WarningSign(
        "limp",
        "a limp",
        """
        limp, limps, limping, limped
        """,
    ),
    WarningSign(
        "not_walking",
        "not walking or not putting weight on a leg",
        """
        not walking, cannot walk, cant walk, wont walk, refuses walk, refusing walk, unable walk, stopped
        walking, not weight bearing, non weight bearing, not bearing weight, cant stand, cannot stand, wont
        stand
        """,
    ),
    WarningSign(
        "not_moving",
        "not moving a limb",
        """
        not moving, cannot move, cant move, wont move, refuses move, unable move, stopped moving, paralysed,
        paralyzed, paralysis, floppy
        """,
    ),
    WarningSign(
        "weakness",
        "weakness",
        """
        weak, weaker, weakness, loss of strength, dropping things
        """,
    ),
    WarningSign(
        "numbness",
        "numbness",
        """
        numb, numbness, no feeling, lost feeling, pins needles
        """,
    ),
    WarningSign(
        "rash",
        "a rash",
        """
        rash, rashes, spots fever, spots that do not fade, purple spots
        """,
    ),
    WarningSign(
        "hot_joint",
        "a hot, red or swollen joint",
        """
        hot joint, hot swollen joint, swollen joint, swelling joint, red joint, swollen knee, hot knee,
        swollen ankle, hot ankle, swollen hip, swollen wrist, swollen elbow, swollen finger, morning
        stiffness, stiff mornings
        """,
    ),
    WarningSign(
        "bladder_or_bowel",
        "bladder or bowel trouble",
        """
        bladder, bowel, incontinence, incontinent, wetting, wets bed, soiling, cant wee, cannot wee, cant pee,
        cannot pee, cant poo, cannot poo, saddle numbness
        """,
    ),
    WarningSign(
        "injury",
        "a recent injury",
        """
        broken bone, fracture, fractured, deformed, head injury, unexplained injury, abuse, abused, was hit,
        being hit
        """,
    ),
    WarningSign(
        "infection",
        "signs of infection",
        """
        sepsis, septic, infected, infection, meningitis, stiff neck, pus
        """,
    ),
    WarningSign(
        "breathing_or_chest",
        "chest pain or trouble breathing",
        """
        chest pain, breathless, cannot breathe, cant breathe, short breath, shortness breath, trouble
        breathing, difficulty breathing
        """,
    ),
    WarningSign(
        "consciousness",
        "a fit, fainting or confusion",
        """
        seizure, seizures, fitting, convulsion, unconscious, fainted, fainting, collapse, collapsed, confused,
        confusion, unresponsive, worst headache, sudden headache, lethargic, lethargy, drowsy
        """,
    ),
    WarningSign(
        "vision",
        "sudden loss of sight",
        """
        lost vision, loss of vision, sudden blindness, cant see, double vision
        """,
    ),
    WarningSign(
        "self_harm",
        "thoughts of self-harm",
        """
        self harm, selfharm, self injury, suicide, suicidal, kill myself, kill himself, kill herself, want
        die, wants die, wanting die, end my life, end life, no reason live, not want live, hurt myself,
        hurting myself, cutting myself, cut myself, overdose
        """,
        is_crisis=True,
    ),
)
