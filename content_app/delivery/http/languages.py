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
    "The language you want (BCP 47). It is matched by RFC 4647 lookup, so `en-US` matches `en`. All content is in "
    "English; any other language returns a 400, because nothing is translated automatically. Names in other languages "
    "are listed in `names`.",
)


def require(wanted: str) -> None:
    """Raises `Problem` (400) unless there is content in the wanted language."""
    if len(wanted) > 35 or not RANGE.fullmatch(wanted):
        raise invalid(PARAMETER, "Give one language tag, such as en or en-GB.")
    if wanted != "*" and wanted.lower().partition("-")[0] != LANGUAGE:
        raise invalid(
            PARAMETER,
            f"There is no content in “{wanted}”. All content is in English ({LANGUAGE}). Names in other languages "
            "are listed in `names`, each with its language.",
        )
