"""Content negotiation by weight, as RFC 9110 (section 12.5.1) has it."""

import pytest

from content_app.delivery.http.negotiation import by_offer, chosen, first_served, ranges

TYPES = ("application/json", "text/html", "application/ld+json", "text/markdown", "text/turtle")
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        # no wish
        (None, "application/json"),
        ("", "application/json"),
        ("  ", "application/json"),
        ("*/*", "application/json"),
        ("*", "application/json"),
        # real clients
        (CHROME, "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json, text/plain, */*", "application/json"),  # axios
        (
            "application/ld+json, application/json;p=0.9, */*;q=0.1",
            "application/ld+json",
        ),  # rdflib, typing error included
        ("text/turtle;q=1.0, application/n-triples;q=0.9, application/rdf+xml;q=0.8", "text/turtle"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html"),  # Java
        # weights
        ("application/json;q=0.5, text/turtle", "text/turtle"),
        ("text/turtle;q=0.001, text/markdown;q=0.002", "text/markdown"),
        ("application/json;q=0, */*", "text/html"),
        ("text/html;q=0, application/json;q=0, */*;q=0.1", "application/ld+json"),
        # the most specific range counts, wherever it stands
        ("*/*, application/json;q=0.1", "text/html"),
        ("text/*;q=0.9, text/html;q=0.1, application/json;q=0.5", "text/markdown"),
        ("text/*, application/json;q=0.9", "text/html"),
        ("application/*", "application/json"),
        # equal weights: as listed
        ("application/ld+json, application/json", "application/ld+json"),
        ("application/json, application/ld+json", "application/json"),
        # case, spaces, parameters
        ("TEXT/HTML ; Q=1", "text/html"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("text/html;q=.2, text/turtle;q=.3", "text/turtle"),
        # what is no weight is none
        ("text/turtle;q=high, text/html;q=0.9", "text/turtle"),
        ("text/turtle;q=nan, text/html;q=0.9", "text/turtle"),
        ("text/turtle;q=7, text/html", "text/turtle"),
        (",,text/html,,", "text/html"),
        # nothing there
        ("image/png", None),
        ("application/json;q=0", None),
        ("*/*;q=0", None),
        ("text", None),
        ("text/*html", None),
    ],
)
def test_the_representation_wanted_most_is_chosen(accept, media_type):
    assert chosen(accept, TYPES) == media_type


def test_a_header_as_long_as_a_server_takes_costs_little():
    assert chosen("text/html," + "a/b;q=0.1," * 10_000, TYPES) == "text/html"


def test_an_address_may_put_its_usual_type_before_what_is_named_more_precisely():
    accept = "text/turtle, */*"
    assert (chosen(accept, TYPES), chosen(accept, TYPES, by_offer)) == ("text/turtle", "application/json")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("image/png, text/turtle;q=0.2", "text/turtle"),
        ("*/*, text/turtle", "application/json"),  # of equal ranges the left one
        ("text/turtle;q=0.5, text/*", "text/html"),
        ("*/*;q=0", None),
    ],
)
def test_the_best_range_that_can_be_served_is_served(accept, media_type):
    assert first_served(ranges(accept), TYPES) == media_type


def test_whoever_names_problems_says_nothing_about_the_answer():
    assert chosen("application/problem+json", ("application/zip",)) == "application/zip"
    assert chosen("application/problem+json, text/html", ("application/json", "text/html")) == "text/html"
    assert chosen("application/problem+json, text/turtle", ("application/json",)) is None


def test_a_file_is_bytes():
    assert chosen("application/octet-stream", ("application/zip",)) == "application/zip"
    assert chosen("application/octet-stream", ("application/json",)) is None
