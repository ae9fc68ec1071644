"""The rules on what pasting from a PDF leaves behind: hyphens at the ends of lines, and letters run together.

In: an editorial document and its `RuleContext`. Out: `Finding`s. Pure. Nothing is corrected unasked: “self- and
peer-reported” is right as it stands, and only whoever wrote it knows.
"""

import re
import unicodedata
from collections.abc import Iterator

from content_app.manuscripts.findings import Document, Finding, RuleContext, warning

LIGATURE = re.compile("[\ufb00-\ufb06]")
# “inter- national”, “inter-↵national”; not “self- and peer-reported”.
BROKEN_WORD = re.compile(r"\b([^\W\d_]{2,})-(?:\n| +)(?!(?:and|or|to|und|oder)\b)([a-zà-ÿ]{2,})")


def texts_are_not_broken_by_pasting(document: Document, _: RuleContext) -> Iterator[Finding]:
    for pointer, text in _texts(document):
        if run_together := LIGATURE.search(text):
            letters = unicodedata.normalize("NFKC", run_together[0])
            yield warning(
                pointer,
                f"This text has “{run_together[0]}” as one character, as in a PDF. Type “{letters}” instead.",
            )
        if broken := BROKEN_WORD.search(text):
            said = f"“{broken[1]}- {broken[2]}” looks like a word that was broken at the end of a line"
            yield warning(pointer, f"{said}. If it is, join it: “{broken[1]}{broken[2]}”.")


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    for audience, text in document.get("summary", {}).items():
        yield f"/summary/{audience}", text
    for field in ("caution", "safety_notice"):
        yield f"/{field}", document.get(field, "")
    for index, statement in enumerate(document.get("statements", [])):
        for audience in ("clinical", "plain"):
            yield f"/statements/{index}/{audience}", statement.get(audience, "")


PASTED_RULES = (texts_are_not_broken_by_pasting,)
