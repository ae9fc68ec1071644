"""Reads the forms of a page as a browser does, so that tests send back what a person would send.

In: the HTML of a page. Out: the fields of one form, by name, each a list of values.
"""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects the fields of every form on a page, under the form's id or address."""

    def __init__(self):
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self.fields: dict[str, list[str]] | None = None
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.textarea: str | None = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "form":
            self.fields = self.forms.setdefault(attrs.get("id") or attrs.get("action", ""), {})
        elif self.fields is None:
            return
        elif tag == "input" and name and attrs.get("type") not in ("submit", "button"):
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                self.fields.setdefault(name, []).append(attrs.get("value") or ("on" if "checked" in attrs else ""))
        elif tag == "select" and name:
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((attrs.get("value", ""), "selected" in attrs))
        elif tag == "textarea" and name:
            self.textarea = name
            self.fields[name] = [""]

    def handle_data(self, data):
        if self.textarea and self.fields is not None:
            self.fields[self.textarea][0] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.fields = None
        elif tag == "select" and self.select and self.fields is not None:
            chosen = [value for value, is_selected in self.options if is_selected] or [v for v, _ in self.options[:1]]
            self.fields[self.select] = chosen
            self.select = None
        elif tag == "textarea" and self.textarea and self.fields is not None:
            text = self.fields[self.textarea][0]
            self.fields[self.textarea] = [text.removeprefix("\n")]
            self.textarea = None


def fields_of(response, form: str) -> dict[str, list[str]]:
    """The fields of the form whose id or address is `form`, without the templates for new rows."""
    reader = FormReader()
    reader.feed(response.content.decode())
    assert form in reader.forms, f"no form {form} among {list(reader.forms)}"
    return {name: values for name, values in reader.forms[form].items() if "__prefix__" not in name}


def with_row(fields: dict[str, list[str]], prefix: str, **values: str) -> dict[str, list[str]]:
    """The fields with one more row of a part, as the button “Add another” would add it."""
    index = int(fields[f"{prefix}-TOTAL_FORMS"][0])
    added = {f"{prefix}-{index}-{field}": [value] for field, value in values.items()}
    return fields | added | {f"{prefix}-TOTAL_FORMS": [str(index + 1)]}
