"""A daily email of what waits for whom: off without a mail server, and one a day with one."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.core import mail

from content_app.admin import digests
from content_app.editorial import workflow
from tests import library
from tests.library import condition

DAY = datetime.date(2027, 3, 4)
MORNING = datetime.datetime(2027, 3, 4, 6, 5, tzinfo=datetime.UTC)


@pytest.fixture
def desk(people, settings):
    settings.SENDS_MAIL, settings.PUBLIC_URL = True, "https://amps.example"
    User.objects.update(is_staff=True)
    for person in (people.author, people.reviewer):
        User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
    item = library.bring_in([condition()], people.author)[0]
    workflow.submit(item=item, by=people.author, change_note="New.", reviewer=people.reviewer, due_on=DAY)
    return people


def test_whoever_has_something_waiting_gets_one_email_a_day_with_where_and_by_when(desk):
    assert [digests.send_due(MORNING) for _ in "12"] == [1, 0]
    sent = mail.outbox[0]
    assert sent.to == ["the-reviewer@example.org"]
    assert "- A condition: You are asked to review it, by 4 Mar 2027\n  https://amps.example/admin/" in sent.body
    assert digests.send_due(MORNING + datetime.timedelta(days=1)) == 1


def test_nothing_is_sent_before_the_hour_or_without_a_mail_server(desk, settings):
    assert digests.send_due(MORNING.replace(hour=digests.HOUR - 1)) == 0
    settings.SENDS_MAIL = False
    assert digests.send_due(MORNING) == 0
    assert mail.outbox == []


def test_a_mail_server_that_fails_is_not_asked_again_that_day(desk, monkeypatch, caplog):
    def fail(*args):
        raise OSError("no route")

    monkeypatch.setattr(digests, "send_mail", fail)
    assert [digests.send_due(MORNING) for _ in "12"] == [0, 0]
    assert caplog.text.count("could not be sent") == 1


@pytest.mark.parametrize(
    ("name", "sends_mail", "sentence"),
    [
        ("reviewer", True, "by email at the-reviewer@"),
        ("publisher", True, "no email address"),
        ("author", False, digests.OFF),
    ],
)
def test_the_home_says_whether_the_list_comes_by_email(name, sends_mail, sentence, client, desk, settings):
    settings.SENDS_MAIL = sends_mail
    client.force_login(User.objects.get(username=f"the-{name}"))
    assert sentence in client.get("/admin/").content.decode()
