"""What the desk keeps around items: schedules, comments, preview links, who has what open, what was found.

In: rows that `scheduling`, `reviewing`, `previewing`, `checking` and the desk's pages write. Out: what editors see.
Nothing here is part of an item: no document, revision or release is made from it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from content_app.models.editing import Revision
from content_app.models.immutable import WriteOnceModel
from content_app.models.items import Item
from content_app.models.publication import Release
from content_app.vocabulary import terms
from content_app.vocabulary.terms import choices


def _person(**options) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", **options)


class WithdrawalRequest(models.Model):
    """That an item is to be withdrawn, in the words that readers will see. Somebody else confirms it.

    It is deleted when the item is withdrawn or the request declined: the trail keeps it.
    """

    item = models.OneToOneField(Item, models.CASCADE, related_name="withdrawal_request")
    reason = models.CharField(max_length=20, choices=choices(terms.WITHDRAWAL_REASONS))
    replaced_by = models.ForeignKey(Item, models.CASCADE, null=True, related_name="+")
    note = models.TextField("explanation")
    requested_by = _person(verbose_name="requested by")
    requested_at = models.DateTimeField("requested at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason="replaced", replaced_by__isnull=False)
                | (~Q(reason="replaced") & Q(replaced_by__isnull=True)),
                name="withdrawal_request_names_a_replacement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_reason_display()}"


class Schedule(models.Model):
    """An act that waits for its moment: some items published as one release, or one item withdrawn.

    It is done in the name of `set_by`. `due_at` is UTC; `time_zone` is the one in which it was typed, to show it.
    `state` goes from waiting to done, failed or cancelled, and from failed to put away: dealt with by somebody.
    """

    PUBLISH, WITHDRAW = "publish", "withdraw"
    ACTS = [(PUBLISH, "Publish"), (WITHDRAW, "Withdraw")]
    WAITING, DONE, FAILED, CANCELLED, PUT_AWAY = "waiting", "done", "failed", "cancelled", "put_away"
    STATES = [
        (WAITING, "Waiting"), (DONE, "Done"), (FAILED, "Failed"), (CANCELLED, "Cancelled"),
        (PUT_AWAY, "Failed, dismissed"),
    ]  # fmt: skip

    act = models.CharField("action", max_length=10, choices=ACTS)
    items = models.ManyToManyField(Item, through="ScheduledItem", related_name="schedules")
    due_at = models.DateTimeField("due")
    time_zone = models.CharField(max_length=60, default="UTC")
    set_by = _person(verbose_name="scheduled by")
    set_at = models.DateTimeField("scheduled at")
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=20, choices=choices(terms.WITHDRAWAL_REASONS), blank=True)
    replaced_by = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    ended_at = models.DateTimeField(null=True)
    ended_by = _person(null=True)
    failure = models.TextField(blank=True)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-due_at", "-id"]
        indexes = [models.Index(fields=["state", "due_at"], name="schedule_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(act="withdraw") ^ Q(reason=""), name="schedule_withdraws_with_a_reason"),
            models.CheckConstraint(condition=Q(state="waiting") ^ Q(ended_at__isnull=False), name="schedule_ends_once"),
            models.CheckConstraint(
                condition=Q(state__in=["failed", "put_away"]) ^ Q(failure=""), name="schedule_fails_with_a_sentence"
            ),
            models.CheckConstraint(
                condition=Q(state="done") ^ Q(release__isnull=True), name="schedule_is_done_with_a_release"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} on {self.due_at.day} {self.due_at:%b %Y, %H:%M} UTC"


class ScheduledItem(models.Model):
    """An item of a schedule. `content_sha256` is the content that was to be published: no other ever is."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, models.PROTECT, related_name="scheduled")
    content_sha256 = models.CharField("content SHA-256", max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "item"], name="scheduled_item_is_named_once")]

    def __str__(self) -> str:
        return str(self.item)


class Thread(models.Model):
    """What editors say to each other about one place of an item. Never part of a document.

    `anchor` is the name of a field, `statements/<uuid>` or "" for the item as a whole. It is open until resolved, and
    while it is open nobody signs the item off or publishes it, unless somebody kept it open with a reason.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="threads")
    anchor = models.CharField(max_length=60, blank=True)
    started_by = _person(null=True)  # nobody with an account: by a fact check
    last_by = _person(null=True)
    is_open = models.BooleanField(default=True)
    holds_up = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["item", "is_open"], name="thread_by_item")]

    def __str__(self) -> str:
        return f"{self.item} · {self.anchor or 'whole item'}"


class PreviewLink(models.Model):
    """A link that shows one item, as one revision would have been published, to whoever holds it, for a while.

    Only the hash of its token is kept. `body` is what the link shows, compiled when it was made; it is emptied when
    the link is revoked. Whoever holds the link of a fact check may also comment; `question` is what they are asked.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="preview_links")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    token_sha256 = models.CharField("token SHA-256", max_length=64, unique=True)
    body = models.BinaryField()
    made_at = models.DateTimeField()
    made_by = _person()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = _person(null=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)
    is_fact_check = models.BooleanField(default=False)
    question = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="preview_link_expires_later"),
            models.CheckConstraint(
                condition=Q(is_fact_check=True) | Q(question=""), name="preview_link_asks_only_in_a_fact_check"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="preview_link_is_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} · preview until {self.expires_at.day} {self.expires_at:%b %Y}"


class Comment(WriteOnceModel):
    """One thing said about a place, or done with a thread: resolved, opened again, kept open with a reason.

    What an outside specialist says comes by the link of a fact check: then `outsider` is the name and role that they
    gave, and nobody with an account has written it. A comment may suggest a text (`after`) for a `field` of its place,
    which read `before`; the thread's next comment that accepts or declines it settles that.
    """

    SAY, RESOLVE, REOPEN, KEEP, ACCEPT, DECLINE = "say", "resolve", "reopen", "keep", "accept", "decline"
    ACTS = [
        (SAY, "Commented"), (RESOLVE, "Resolved"), (REOPEN, "Reopened"), (KEEP, "Kept open"),
        (ACCEPT, "Accepted the suggestion"), (DECLINE, "Declined the suggestion"),
    ]  # fmt: skip

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments")
    act = models.CharField(max_length=10, choices=ACTS, default=SAY)
    text = models.TextField(blank=True)
    field = models.CharField(max_length=60, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField("suggested text", blank=True)
    written_at = models.DateTimeField()
    written_by = _person(null=True)
    outsider = models.CharField(max_length=250, blank=True)
    link = models.ForeignKey(PreviewLink, models.PROTECT, null=True, related_name="comments")
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(act="say") | ~Q(text="") | ~Q(after=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(written_by__isnull=False, link__isnull=True, outsider="")
                | Q(written_by__isnull=True, link__isnull=False) & ~Q(outsider=""),
                name="comment_is_by_an_editor_or_by_a_fact_check",
            ),
            models.CheckConstraint(
                condition=Q(field="", after="") | ~Q(field="") & ~Q(after=""), name="comment_suggests_for_a_field"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} by {self.who}"

    @property
    def who(self) -> str:
        """Who said it, as the desk calls them."""
        return str(self.written_by or self.outsider)


class Assignment(models.Model):
    """Who is asked to review an item, and by when. It is deleted when the item is signed off."""

    item = models.OneToOneField(Item, models.CASCADE, related_name="assignment")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="assignments")
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(due_on__isnull=False), name="assignment_names_somebody_or_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.person or 'anybody'}"


class Digest(models.Model):
    """On which day somebody was last sent what waits for them."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.person}, {self.sent_on}"


class Presence(models.Model):
    """Somebody has the page of an item open for writing, as far as their browser said lately.

    `visit` tells apart the pages that they have opened one after the other: an old one does not take the new one away.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    visit = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="presence_is_one_per_person")]

    def __str__(self) -> str:
        return f"{self.person} at {self.item}"


class WorkingCopy(models.Model):
    """What somebody has typed into the form of an item, or of a new one, and not saved yet.

    It is theirs alone, is no part of the item, and may be anything that a form can hold. It goes when they save.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=choices(terms.KINDS))
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="working_copies")
    fields = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "working copies"
        constraints = [models.UniqueConstraint(fields=["person", "item"], name="working_copy_is_one_per_item")]

    def __str__(self) -> str:
        return f"{self.item or f'new {self.get_kind_display().lower()}'}, as {self.person} has typed it"


class Checked(models.Model):
    """How many warnings the rules have for an item: counted beforehand, as the desk asks often and the rules are slow.

    It holds for the `lock_version` of the item and for one day; `checking` counts again what is out of date.
    """

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="checked")
    lock_version = models.IntegerField()
    day = models.DateField()
    warnings = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "checked"

    def __str__(self) -> str:
        return f"{self.item}: {self.warnings} warnings"


class Considered(models.Model):
    """A warning that somebody has considered. `key` is over its sentence and the part that it is about."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="considered")
    key = models.CharField(max_length=64)
    sentence = models.TextField()
    note = models.TextField()
    considered_by = _person()
    considered_at = models.DateTimeField()

    class Meta:
        verbose_name = "considered warning"
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="warning_is_considered_once")]

    def __str__(self) -> str:
        return f"{self.item}: {self.sentence}"
