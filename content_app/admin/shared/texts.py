"""Form fields for what people type and paste: kept to the letter, or refused with a sentence at the field.

In: text from a form. Out: text in the same normal form that imported files have, so that a round trip through
files is exact. What a schema of the editorial document forbids is refused here in its words.
"""

import re
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from jsonschema import Draft202012Validator

from content_app.editorial.exchange import files, validation
from content_app.manuscripts.schema import CODING, NAME, NO_TEXT, RELATION, SCHEMAS_BY_KIND, STATEMENT, Schema
from content_app.manuscripts.schema_messages import shown
from content_app.models import KIND_MODELS, Coding, Name, Relation, Source, Statement
from content_app.vocabulary.fields import OWN, PARTS

# Word writes a line break within a paragraph as a vertical tab, and a page break as a form feed.
PASTED_BREAKS = str.maketrans({"\v": "\n", "\f": "\n", "\x85": "\n"})
INVISIBLE = re.compile(f"[{NO_TEXT}]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
LINE_BREAK = re.compile(r"[\n\u2028\u2029]")

SCHEMAS: dict[type[models.Model], dict[str, Schema]] = {
    Name: NAME["properties"],
    Statement: STATEMENT["properties"],
    Relation: RELATION["properties"],
    Coding: CODING["properties"],
    Source: SCHEMAS_BY_KIND["source"]["properties"],
}
for _kind, _model in KIND_MODELS.items():
    _properties = SCHEMAS_BY_KIND[_kind]["properties"]
    _summary = _properties["summary"]["properties"]
    SCHEMAS[_model] = _properties | {f"summary_{audience}": schema for audience, schema in _summary.items()}


def tidy(text: str) -> str:
    """The text as it is stored. Raises ValidationError if it holds what cannot be shown."""
    text = files.tidy(str(text).translate(PASTED_BREAKS))
    unseen = INVISIBLE.search(text)
    if unseen:
        what = _what_is(unseen[0])
        before = shown(text[: unseen.start()][-20:])
        raise ValidationError(f"There is {what} (U+{ord(unseen[0]):04X}) after “{before}”. Delete it.")
    return text


def _what_is(character: str) -> str:
    if character == "\ufffd":
        return "a replacement character, where a character was lost"
    if "\ue000" <= character <= "\uf8ff":
        return "a symbol that only displays in one font, such as a bullet point pasted from Word"
    return (
        "an invisible character that reverses the direction of the text"
        if TURNING.match(character)
        else "an invisible character"
    )


class Prose(forms.CharField):
    """Text of any length, with line breaks."""

    widget = AdminTextareaWidget

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"strip": False})
        self.widget.attrs.setdefault("dir", "auto")

    def to_python(self, value):
        value = super().to_python(value)
        return value if value in self.empty_values else tidy(value)


class Line(Prose):
    """Text on one line."""

    widget = AdminTextInputWidget

    def to_python(self, value):
        value = super().to_python(value)
        if value and LINE_BREAK.search(value):
            raise ValidationError("This must be on one line. Delete the line break.")
        return value


class Lines(forms.Field):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def __init__(self, **kwargs):
        # Not the model's JSON encoder: a list is typed, not JSON.
        kept = {key: kwargs[key] for key in ("required", "label", "initial", "help_text") if key in kwargs}
        super().__init__(**kept, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def prepare_value(self, value):
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value):
        lines = (line.strip() for line in tidy(value or "").split("\n"))
        return [line for line in lines if line]

    def has_changed(self, initial, data):
        return [line.strip() for line in str(data or "").splitlines() if line.strip()] != list(initial or [])


class Fits:
    """Refuses a value that the schema of the editorial document would refuse, in its words."""

    def __init__(self, schema: Schema):
        self.schema = schema
        self.validator = Draft202012Validator(schema)

    def __call__(self, value: Any) -> None:
        problems = [s for error in self.validator.iter_errors(value) for s in validation.sentences(error)]
        if problems:
            raise ValidationError(problems)


class ExplainedSelect(forms.Select):
    """A choice among words of a vocabulary, each with its meaning; the page's script shows that of the chosen one."""

    def __init__(self, meanings: dict[str, str], **kwargs):
        super().__init__(**kwargs)
        self.meanings = meanings

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if meaning := self.meanings.get(str(value)):
            option["attrs"]["title"] = meaning
        return option


def meanings_of(model: type[models.Model], name: str) -> dict[str, str]:
    """What the words mean that a field of a model chooses from; nothing if it chooses from no vocabulary."""
    sort = "sources" if model is Source else f"{model.__name__.lower()}s"
    described = (*PARTS.get(sort, ()), *OWN.get(getattr(model, "KIND", ""), ()))
    field = next((field for field in described if field.name == name and field.vocabulary), None)
    return {term.code: term.meaning for term in field.terms.values()} if field else {}


class EditorialFields:
    """Mix into a ModelAdmin or inline: what is typed into it is text that can be shown, and what is part of the
    editorial document keeps to its schema."""

    formfield_overrides = {
        models.CharField: {"form_class": Line, "widget": AdminTextInputWidget},
        models.TextField: {"form_class": Prose, "widget": AdminTextareaWidget(attrs={"rows": 3})},
        models.SlugField: {"widget": AdminTextInputWidget},
        models.JSONField: {"form_class": Lines},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        schema = SCHEMAS.get(self.model, {}).get(db_field.name)
        typed = forms.CharField | forms.IntegerField | Lines
        if field and schema and isinstance(field, typed):
            field.validators.append(Fits(schema))
        if field:
            _never_cut_off(field)
        if isinstance(field, forms.TypedChoiceField) and (meanings := meanings_of(self.model, db_field.name)):
            field.widget = ExplainedSelect(meanings, choices=field.choices)
        return field


def _never_cut_off(field: forms.Field) -> None:
    """Browsers cut what is pasted at `maxlength` without a word; here too long a text is refused with a sentence."""
    field.widget.attrs.pop("maxlength", None)
    if any(isinstance(validator, Fits) and "maxLength" in validator.schema for validator in field.validators):
        field.validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
