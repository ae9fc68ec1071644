"""Passwords that are long and yet guessed first: something short, said again and again.

In: a password, and whose it is. Out: nothing, or a refusal. Django's own validators look at likeness to the user name
as a whole, so that twice the user name passes them.
"""

import re

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError

LEAST_BESIDE = 8  # characters that must be left without the names
LONGEST_UNIT = 6  # characters that may not be repeated to make up a whole password
SHORTEST_NAME = 3


class NotRepeated:
    """Refuses a password that is little more than the person's names, or one short piece repeated."""

    def validate(self, password: str, user: AbstractUser | None = None) -> None:
        """Raises ValidationError with what to do."""
        rest = password.casefold()
        for name in names_of(user):
            rest = rest.replace(name, "")
        if len(rest) < LEAST_BESIDE and rest != password.casefold():
            raise ValidationError(
                "Without your name, this password is too short. Use words that have nothing to do with you.",
                code="password_repeats_name",
            )
        if re.fullmatch(rf"(.{{1,{LONGEST_UNIT}}}?)\1+.{{0,{LONGEST_UNIT}}}", password):
            raise ValidationError(
                "This password repeats the same few characters. Use several different words.",
                code="password_repeats_itself",
            )

    def get_help_text(self) -> str:
        """What the page for a new password says."""
        return "Your password can’t consist of your name, or of a few characters repeated."


def names_of(user: AbstractUser | None) -> list[str]:
    """What the person is called, the longest name first."""
    if user is None:
        return []
    names = (user.get_username(), user.first_name, user.last_name, user.email.partition("@")[0])
    return sorted({name.casefold() for name in names if len(name) >= SHORTEST_NAME}, key=len, reverse=True)
