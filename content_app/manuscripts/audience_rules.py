"""The rules on the two texts of one thing: the plain one says neither more nor less than the clinical one.

In: an editorial document and its `RuleContext`. Out: `Finding`s, all of them warnings: words can only hint at it, and
whoever reads both texts knows. Pure.
"""

import re
from collections.abc import Iterator

from content_app.manuscripts.findings import Document, Finding, RuleContext, warning

COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
WORDS = {word: str(number) for number, word in enumerate(COUNTED, 1)}
DOUBTS = re.compile(
    r"\b(may|might|could(?! not)|perhaps|possibl[ey]|probabl[ey]|(?:un)?likely|suggest\w*|propos\w*|hypothes\w*|"
    r"unclear)\b",
    re.IGNORECASE,
)
# Every way to say in plain words that something is not certain, or not for everybody.
HEDGES = re.compile(
    DOUBTS.pattern + r"|\b(can|seem\w*|appear\w*|think\w*|thought|believe\w*|often|usually|(?:at |some)times|some|many|"
    r"most|mostly|mainly|partly|about|rarely|ideas?|theor(?:y|ies)|view|guess|unsure|example|few|if|should|risk|chance|"
    r"unknown|depend\w*|not (?:known|clear|certain|sure|proven)|nobody knows|experts|studies|study|look\w* for)\b",
    re.IGNORECASE,
)
FORBIDS = re.compile(
    r"\b((?:do|does|should|must|is|are) not(?! (?:stated|specified|given|reported|explain))|never|contraindicated|"
    r"cannot|avoid)\b",
    re.IGNORECASE,
)
DENIALS = re.compile(
    r"\b(not|no|never|none|nobody|nothing|without|neither|nor|cannot|avoid\w*|stop\w*|wrong\w*|instead|than|un\w+|"
    r"stay\w* away|keep\w* from|only|hard|few|different\w*|other|bad|too|less|even)\b|n['’]t\b",
    re.IGNORECASE,
)
SHORTEST = 0.25  # of the words of the clinical text


def plain_words_say_the_same(document: Document, _: RuleContext) -> Iterator[Finding]:
    for pointer, clinical, plain in _pairs(document):
        if clinical and plain:
            for sentence in _differences(clinical, plain):
                yield warning(pointer, sentence)


def _differences(clinical: str, plain: str) -> Iterator[str]:
    """What one of the texts seems to say and the other does not."""
    added = sorted(_numbers(plain) - _numbers(clinical) - _in_words(clinical))
    if added:
        yield (
            f"The plain text has the number {', '.join(added)}, and the clinical text does not. The source has to say "
            "it too."
        )
    doubt, forbids = DOUBTS.search(clinical), FORBIDS.search(clinical)
    if doubt and not HEDGES.search(plain):
        yield f"The clinical text says “{doubt[0]}”, and the plain text sounds certain."
    if forbids and not DENIALS.search(plain):
        yield f"The clinical text says “{forbids[0]}”, and the plain text does not say what is not so."
    if len(plain.split()) < SHORTEST * len(clinical.split()):
        yield "The plain text is much shorter than the clinical one. Check what it leaves out."


def _pairs(document: Document) -> Iterator[tuple[str, str, str]]:
    summary = document.get("summary", {})
    yield "/summary/plain", summary.get("clinical", ""), summary.get("plain", "")
    for index, statement in enumerate(document.get("statements", [])):
        yield f"/statements/{index}/plain", statement.get("clinical", ""), statement.get("plain", "")


def _numbers(text: str) -> set[str]:
    """The numbers in a text that are written in figures, and what they are rounded or as a percentage."""
    found = {number.replace(",", "") for number in re.findall(r"\d+(?:[.,]\d+)*", text)}
    exact = [float(number) for number in found if re.fullmatch(r"\d{1,9}\.\d{1,9}", number)]
    return found | {str(round(number)) for number in exact} | {str(round(100 * number)) for number in exact}


def _in_words(text: str) -> set[str]:
    return {WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in WORDS}


AUDIENCE_RULES = (plain_words_say_the_same,)
