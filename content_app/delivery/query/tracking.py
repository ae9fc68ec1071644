"""Parameters that mail programs, social networks and shops add to links that people share. They ask for nothing.

In: the parameters of a request. Out: the same without them. Only pages and feeds pass over these names: a program
that calls the API is told of every parameter that it does not know.
"""

import re

from django.http import QueryDict

NAMES = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|oly_\w+|vero_\w+|_hs\w+|_ga|_gl|__s|_|[dgy]clid|fbclid|msclkid|twclid|ttclid|igshid|"
    r"igsh|gbraid|wbraid|gad_source|srsltid|li_fat_id|mc_[ce]id|mkt_tok|ml_subscriber\w*|ref_src|ref_url|si|s_cid|wickedid"
)


def without_tracking(query: QueryDict) -> QueryDict:
    """The parameters without those that only say where a reader came from."""
    if not any(NAMES.fullmatch(name) for name in query):
        return query
    kept = query.copy()
    for name in list(kept):
        if NAMES.fullmatch(name):
            del kept[name]
    return kept
