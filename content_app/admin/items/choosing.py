"""Choosing another item: a field that completes what is typed, and says of each match what kind of item it is.

In: the field of a model that points to an item. Out: its form field, and the view that answers what is typed.
"""

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.forms import ModelChoiceField, ModelForm

from content_app.admin import search
from content_app.editorial.putting_away import ACTIVE
from content_app.models import Item


def label(item: Item) -> str:
    """An item among items of other kinds."""
    return f"{item.name} ({item.get_kind_display().lower()})"


class ItemChoices(AutocompleteJsonView):
    """Answers what is typed with items and their kinds."""

    def process_request(self, request):
        term, *rest = super().process_request(request)
        return term.replace("\0", ""), *rest

    def get_queryset(self):
        """The items that the search of the desk finds, the surest first; all of them before anything is typed."""
        rows = self.model_admin.get_queryset(self.request)
        rows = rows.complex_filter(self.source_field.get_limit_choices_to())
        rows = rows.filter(**ACTIVE)
        return search.narrowed(rows, search.ITEM, self.term) if self.term.strip() else rows.order_by("name")

    def serialize_result(self, obj, to_field_name):
        return super().serialize_result(obj, to_field_name) | {"text": label(obj)}


class ItemSelect(AutocompleteSelect):
    """A select that asks `ItemChoices`."""

    url_name = "%s:content_app_item_choices"

    chosen: Item | None = None  # what the form's row leads to now, so that a page of many rows need not ask for each

    def optgroups(self, name, value, attr=None):
        """Without what cannot be a key: a forged form is shown again with a sentence, not with a fault."""
        keys = [key for key in value if key and str(key).isdecimal() and len(str(key)) < 19]
        if self.chosen and keys == [str(self.chosen.pk)]:
            options = [] if self.is_required else [("", "", False)]
            options.append((self.chosen.pk, label(self.chosen), True))
            return [(None, [self.create_option(name, *option, at) for at, option in enumerate(options)], 0)]
        return super().optgroups(name, keys, attr)


class ItemField(ModelChoiceField):
    chosen: Item | None = None  # as in its select

    def to_python(self, value):
        return self.chosen if self.chosen and value == str(self.chosen.pk) else super().to_python(value)

    def label_from_instance(self, item):
        return label(item)


def choose_item(db_field, formfield, request, **kwargs):
    """The form field for a foreign key to an item. `formfield` is the ModelAdmin's own way to make one."""
    if db_field.related_model is not Item:
        return formfield(db_field, request, **kwargs)
    return db_field.formfield(form_class=ItemField, **kwargs | {"widget": ItemSelect(db_field, admin.site)})


def show_chosen(form: ModelForm) -> None:
    """Hand the items that the form's row leads to, which its page has read at once, to the fields that show them."""
    for name, field in form.fields.items():
        if isinstance(field, ItemField) and form.instance.pk:
            field.chosen = field.widget.widget.chosen = getattr(form.instance, name)
