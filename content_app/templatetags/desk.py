"""For the templates of the desk: what belongs to one place of an item, out of what belongs to all of it."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content_app import word_difference
from content_app.admin.history.comparison import label_of
from content_app.admin.items import comments, joining
from content_app.admin.items.aside import status_badge
from content_app.editorial.review_comments import statement_anchor
from content_app.vocabulary.addresses import href

register = template.Library()


@register.filter
def at(grouped: dict, key) -> list:
    """The entries of a place; none if there are none, or nothing was grouped."""
    return grouped.get(str(key), []) if isinstance(grouped, dict) else []


@register.filter
def at_statement(grouped: dict, uuid) -> list:
    """The entries of a statement, by its uuid."""
    return at(grouped, statement_anchor(uuid))


@register.filter
def anchor(uuid) -> str:
    """The anchor of a statement, by its uuid."""
    return statement_anchor(uuid)


@register.filter
def marked(words: list[tuple[str, str]]) -> SafeString:
    """The words of a difference, those that were added or removed marked as such."""
    marks = {"added": "<ins>{}</ins>", "removed": "<del>{}</del>"}
    return format_html_join("", "{}", ((format_html(marks.get(sort, "{}"), text),) for sort, text in words))


@register.filter
def suggested(comment) -> SafeString:
    """The words of a suggested text, with what it adds and removes marked."""
    return marked(word_difference.runs(comment.before, comment.after))


@register.filter
def called(field: str) -> str:
    """What a field whose text is suggested is called."""
    return comments.LABELS.get(field) or label_of(field)


@register.filter
def public_address(document) -> str:
    """Where readers find a published document."""
    return href(document.kind, document.slug)


@register.filter
def figures(findings) -> int:
    """How much was found."""
    return len(findings.obstacles) + len(findings.warnings) + len(findings.faults) if findings else 0


@register.filter
def badge(item) -> SafeString:
    """The status of an item or source, with its mark."""
    return status_badge(item)


@register.filter
def seen(form) -> str:
    """What whoever types in a form first saw in its fields, to be sent along with it."""
    return joining.seen_in(form)


@register.filter
def sent(data, sort: str) -> str:
    """The order of the parts of a sort, as it was sent with a form that is shown again."""
    return data.get(f"{sort}-order", "") if data else ""
