"""The fields that a form leaves out on purpose, each with the reason. A test finds those that are lost by accident.

In: nothing. Out: `LEFT_OUT`. Pure.
"""

from dataclasses import dataclass

ON_THE_PAGE = "An entry in a health record is short. It links to the page of the item, which has this."
KEPT_BY_CODERS = ("uri", "billable", "verified_by")
FOR_CODERS = "It is for programs that keep codes, which read the JSON."
OF_THE_WORK = "The list of sources names the work; its own document, one link away, has this."


@dataclass(frozen=True)
class LeftOut:
    """Fields of a part that a form leaves out on purpose. No fields: the whole part. No kinds: items of all kinds."""

    form: str
    part: str
    reason: str
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


LEFT_OUT = (
    *(LeftOut(form, "codings", FOR_CODERS, KEPT_BY_CODERS) for form in ("md", "html", "composition", "mcp")),
    *(LeftOut(form, "sources", OF_THE_WORK, ("isbn", "licence")) for form in ("md", "html", "composition", "mcp")),
    LeftOut("jsonld", "sources", OF_THE_WORK, ("accessed_on",)),
    *(
        LeftOut(form, "sources", OF_THE_WORK, ("volume", "issue", "pages", "accessed_on"))
        for form in ("ttl", "infobutton")
    ),
    LeftOut(
        "jsonld", "names", "schema.org and SKOS have plain labels, one for each sort of use. The JSON has this.",
        ("type", "note", "citations"),
    ),
    LeftOut("ttl", "names", "SKOS has plain labels, one for each sort of use. The JSON has this.",
            ("type", "note", "citations")),
    LeftOut("ttl", "summary", "Dublin Core names the works. The JSON-LD says where in each.", ("citations",)),
    LeftOut(
        "ttl", "codings", "SKOS says which code it is and how it matches. The SSSOM export and the JSON-LD have this.",
        ("display", "version", "uri", "billable", "verification", "verified_by", "checked_on", "note"),
    ),
    LeftOut("ttl", "codings", "SKOS matches join concepts, and an example is a work.", (), ("example",)),
    LeftOut("ttl", "sources", "Dublin Core has no word for it. The JSON has this.", ("type", "container")),
    LeftOut("infobutton", "names", ON_THE_PAGE, ("type", "language", "note", "citations")),
    LeftOut("infobutton", "relations", ON_THE_PAGE),
    LeftOut(
        "infobutton", "codings", ON_THE_PAGE,
        ("version", "uri", "billable", "verification", "verified_by", "checked_on"),
    ),
    LeftOut("infobutton for patients", "codings", "What a coder has to know is for clinicians.", ("note",)),
    LeftOut("desk", "sources", "A source is compared on its own page."),
    LeftOut(
        "infobutton", "sources", ON_THE_PAGE,
        ("type", "authors", "organisation", "container", "url", "doi", "pmid", "isbn", "licence", "note"),
    ),
)  # fmt: skip


def is_left_out(form: str, part: str, field: str, kind: str = "") -> bool:
    """Whether a form leaves a field of a part out on purpose, of this kind of item if one is given."""
    return any(
        (one.form, one.part) == (form, part)
        and (not one.fields or field in one.fields)
        and (not one.kinds or kind in one.kinds)
        for one in LEFT_OUT
    )
