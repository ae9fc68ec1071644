"""What administrators do with endpoints, under the pages: test, replay, rotate, switch; and the log that ends."""

import pytest

from content_app.models import ApiClient, WebhookAttempt, WebhookDelivery, WebhookEvent
from content_app.webhooks import deliveries, endpoints
from tests.webhook_deliveries import BAD, GOOD, NOON, endpoint, later, queued, tried

pytestmark = pytest.mark.django_db


def test_a_test_event_goes_to_its_endpoint_alone(db):
    one = endpoint("https://one.example/", events=["review.overdue"])
    endpoint("https://other.example/")
    delivery = endpoints.send_test(one, NOON)
    assert deliveries.fan_out(NOON) == 0
    assert deliveries.claim(NOON).pk == delivery.pk
    assert WebhookDelivery.objects.count() == 1


def test_what_is_replayed_begins_again_under_the_same_identifier(db):
    made = endpoint()
    queued(3)
    message = tried(GOOD, NOON).event.message_id
    assert endpoints.replay_one(made, WebhookDelivery.objects.get(state="delivered").pk, later(hours=1)) == 1
    WebhookDelivery.objects.filter(attempts_made=0, next_attempt_at__lt=later(hours=1)).delete()
    again = deliveries.claim(later(hours=1))
    assert (again.event.message_id, again.attempts_made) == (message, 0)
    assert endpoints.replay_one(made, again.pk, later(hours=1)) == 0


def test_everything_that_failed_since_is_replayed_and_nothing_else(db):
    made = endpoint()
    queued(3)
    tried(GOOD, NOON)
    endpoints.switch_off(made, later(hours=1))
    endpoints.switch_on(made)
    made.refresh_from_db()
    assert endpoints.replay_failed(made, later(hours=2), later(hours=3)) == 0
    assert endpoints.replay_failed(made, later(hours=1), later(hours=3)) == 2
    assert deliveries.claim(later(hours=3)).attempts_made == 0


def test_nothing_is_tested_or_replayed_while_it_is_off(db):
    made = endpoint()
    endpoints.switch_off(made, NOON)
    made.refresh_from_db()
    for act in (
        lambda: endpoints.send_test(made, NOON),
        lambda: endpoints.replay_failed(made, NOON, NOON),
        lambda: endpoints.replay_one(made, 1, NOON),
    ):
        with pytest.raises(endpoints.NotPossible, match="Switch it on first"):
            act()
    of_nobody = endpoint("https://gone.example/", of="Gone")
    ApiClient.objects.filter(name="Gone").update(is_active=False)
    of_nobody.client.refresh_from_db()
    with pytest.raises(endpoints.NotPossible, match="“Gone” is switched off"):
        endpoints.send_test(of_nobody, NOON)


def test_both_secrets_sign_for_a_day_unless_the_old_one_is_revoked(db):
    made = endpoint()
    old, new = made.shown, endpoints.rotate(made, seen=1, now=NOON)
    made.refresh_from_db()
    assert endpoints.secrets_of(made, later(hours=23)) == [new, old]
    assert endpoints.secrets_of(made, later(hours=24)) == [new]
    endpoints.revoke_previous(made)
    made.refresh_from_db()
    assert endpoints.secrets_of(made, NOON) == [new]


def test_of_two_people_who_rotate_at_once_one_is_told(db):
    made = endpoint()
    endpoints.rotate(made, seen=1, now=NOON)
    with pytest.raises(endpoints.NotPossible, match="rotated since"):
        endpoints.rotate(made, seen=1, now=NOON)


def test_the_log_is_removed_after_its_days_with_all_that_hangs_on_it(db, settings):
    settings.WEBHOOKS_LOG_DAYS = 30
    endpoint()
    queued(2)
    WebhookEvent.objects.update(created_at=NOON)
    tried(BAD, NOON)
    assert deliveries.prune(later(days=30)) == 0
    assert deliveries.prune(later(days=30, seconds=1)) == 2
    assert (WebhookDelivery.objects.count(), WebhookAttempt.objects.count()) == (0, 0)
