"""The words of allauth's pages that are replaced: the compiled file has them all, and allauth still uses them."""

import gettext
import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.urls import reverse

FOLDER = settings.LOCALE_PATHS[0] / "en_GB" / "LC_MESSAGES"
REPLACED = dict(
    re.findall(
        r'^msgid "(.+)"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? "(.+)"', (FOLDER / "django.po").read_text(), re.M
    )
)


def test_the_compiled_file_is_that_of_the_text():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert len(REPLACED) > 15
    assert {words: compiled.gettext(words) for words in REPLACED if "%(count)s" not in words} == {
        words: replaced for words, replaced in REPLACED.items() if "%(count)s" not in words
    }


@pytest.mark.parametrize("words", REPLACED)
def test_allauth_still_says_what_is_replaced(words):
    package, words = Path(allauth.__file__).parent, words.replace("%(count)s", "{{ count }}")
    assert any(words in path.read_text() for suffix in ("html", "txt", "py") for path in package.rglob(f"*.{suffix}"))


@pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "mfa_add_webauthn"])
def test_what_people_sign_in_with_has_one_name(name, people, client, monkeypatch):
    people.author.is_staff = True
    people.author.save()
    client.force_login(people.author)
    page = client.get(reverse(name), follow=True).content.decode()
    assert "asskey" in page
    assert "ecurity key" not in page.replace("ecurity Key", "ecurity key")
