"""In which languages there is content, and whether one of them serves who asks.

In: `lang=`, a language range (BCP 47). Out: nothing, or a refusal that names what there is. Looked up as RFC 4647,
section 3.4, has it: `en-US` is served by `en`. All prose is English; an answer in which only the name of an item were
in another language would look translated, so such names stay where they are, in `names`, each with its language.
"""

import re

from content_app.delivery.http.problems import invalid

LANGUAGE = "en"
PARAMETER = "lang"
RANGE = re.compile(r"\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
SCHEMA = (
    {"type": "string", "pattern": "^([Ee][Nn](-[A-Za-z0-9]{1,8})*|\\*)$", "maxLength": 35, "examples": ["en-GB"]},
    "The language that you read (BCP 47), looked up as in RFC 4647: `en-US` is served by `en`. There is content in "
    "English only; another language is refused, as nothing is translated silently or in part. Names in other languages "
    "stand in `names`.",
)


def require(wanted: str) -> None:
    """Raises `Problem` (400) unless there is content in the wanted language."""
    if len(wanted) > 35 or not RANGE.fullmatch(wanted):
        raise invalid(PARAMETER, "Give one language tag, such as en or en-GB.")
    if wanted != "*" and wanted.lower().partition("-")[0] != LANGUAGE:
        raise invalid(
            PARAMETER,
            f"There is no content in “{wanted}”; there is content in English ({LANGUAGE}). Names in other languages "
            "stand in `names`, each with its language.",
        )
