"""What people type, and what they must get first. On both databases, from the first content."""

import pytest

pytestmark = pytest.mark.django_db
AMPS, CRPS = "amplified-musculoskeletal-pain-syndrome", "complex-regional-pain-syndrome"

# What is typed → how the first hit is found, and its slug.
BATTERY = {
    # names and abbreviations, however they are written
    "AMPS": ("exact", AMPS),
    "amps": ("exact", AMPS),
    "Amplified Musculoskeletal Pain Syndrome": ("exact", AMPS),
    "CRPS": ("exact", CRPS),
    "ＣＲＰＳ": ("exact", CRPS),
    "complex regional pain syndromes": ("exact", CRPS),
    "Complex  Regional   PAIN syndrome": ("exact", CRPS),
    "complex-regional pain-syndrome": ("exact", CRPS),
    "reflex sympathetic dystrophy": ("exact", CRPS),
    "fibromyalgia": ("exact", "fibromyalgia"),
    "FIBROMYALGIA": ("exact", "fibromyalgia"),
    "fïbrömyálgia": ("exact", "fibromyalgia"),
    "fibro-myalgia": ("exact", "fibromyalgia"),
    "juvenile fibromyalgia": ("exact", "juvenile-fibromyalgia"),
    "allodynia": ("exact", "touch-evoked-pain"),
    "hyperalgesia": ("exact", "exaggerated-pain-after-minor-injury"),
    "joint pain": ("exact", "joint-pain"),
    "joints pain": ("exact", "joint-pain"),
    "swelling": ("exact", "swelling"),
    "children": ("exact", "children"),
    "adolescent": ("exact", "adolescents"),
    "teenagers": ("exact", "adolescents"),
    "tiny injury": ("exact", "tiny-injury"),
    "tiny injuries": ("exact", "tiny-injury"),
    "back": ("exact", "back"),
    # British and American spelling
    "localised pain": ("exact", "localized-pain"),
    "localized pain": ("exact", "localized-pain"),
    "central sensitisation": ("exact", "nervous-system-sensitisation"),
    "central sensitization": ("exact", "nervous-system-sensitisation"),
    "skin colour": ("name", "skin-colour-change"),
    "skin color": ("name", "skin-colour-change"),
    # what patients say
    "hurts when touched": ("exact", "touch-evoked-pain"),
    "it hurts when I am touched": ("name", "touch-evoked-pain"),
    "can't stand being touched": ("exact", "touch-evoked-pain"),
    "can’t stand being touched": ("exact", "touch-evoked-pain"),
    "cant stand being touched": ("exact", "touch-evoked-pain"),
    "clothes hurt my skin": ("exact", "touch-evoked-pain"),
    "even a hug hurts": ("exact", "touch-evoked-pain"),
    "volume turned up too high": ("text", "loudspeaker-volume"),
    "hand ice cold": ("exact", "skin-cold"),
    "ice-cold hand": ("name", "skin-cold"),
    "my hand is ice cold": ("name", "skin-cold"),
    "pain all over": ("exact", "diffuse-distribution"),
    "hurts everywhere": ("exact", "widespread-pain"),
    "spreading pain": ("exact", "spreading-pain"),
    "aching muscles": ("exact", "muscle-pain"),
    "muscle ache": ("name", "muscle-pain"),
    "puffy hand": ("name", "puffy-cold-hand"),
    "knee table": ("name", "knee-against-table"),
    "nobody knows why": ("exact", "cause-unknown"),
    "nervous system": ("name", "nervous-system-sensitisation"),
    # codes
    "M79.7": ("exact", "fibromyalgia"),
    "m79.7": ("exact", "fibromyalgia"),
    "icd-10-cm|M79.7": ("exact", "fibromyalgia"),
    "MG30.04": ("exact", CRPS),
    "HP:0012533": ("exact", "touch-evoked-pain"),
    "hp:0012533": ("exact", "touch-evoked-pain"),
    "D005356": ("exact", "fibromyalgia"),
    # misspelt
    "fibromylgia": ("exact", "fibromyalgia"),
    "fibromialgya": ("exact", "fibromyalgia"),
    "allodinya": ("exact", "touch-evoked-pain"),
    "alodynia": ("exact", "touch-evoked-pain"),
    "hyperalgesic": ("exact", "exaggerated-pain-after-minor-injury"),
    "skin temprature": ("name", "skin-temperature-change"),
    "loacalised pain": ("exact", "localized-pain"),
    "jointpain": ("exact", "joint-pain"),
    # what other engines take for operators
    '"joint pain"': ("exact", "joint-pain"),
    "joint* pain": ("exact", "joint-pain"),
    "joint & pain": ("exact", "joint-pain"),
    "(joint) pain:": ("exact", "joint-pain"),
    "joint\\pain": ("exact", "joint-pain"),
    "'joint' | 'pain'": ("exact", "joint-pain"),
}


def test_the_battery_has_at_least_sixty_questions():
    assert len(BATTERY) >= 60


@pytest.mark.parametrize("question", BATTERY)
def test_what_people_type_finds_what_they_mean_first(search, question):
    first = search(question, page_size=1)["results"][0]
    assert (first["match"]["tier"], first["item"]["slug"]) == BATTERY[question]
