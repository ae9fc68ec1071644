"""Every rule is in the list of rules, and so takes part."""

import sys
from collections.abc import Iterator

from content_app.manuscripts import rules
from content_app.manuscripts.findings import Finding

OF_FORM = rules.it_has_the_right_form  # asked first, and alone if it finds something


def test_every_function_that_is_a_rule_is_listed():
    modules = {sys.modules[rule.__module__] for rule in rules.RULES}
    public = (made for module in modules for name, made in vars(module).items() if callable(made) and name[0] != "_")
    returned = {made: getattr(made, "__annotations__", {}).get("return") for made in public}
    assert {made for made, what in returned.items() if what == Iterator[Finding]} == {*rules.RULES, OF_FORM}
