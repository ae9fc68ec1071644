"""An upload's way into the library: checked, shown, agreed to, applied. Each step survives a crash.

In: a file as it was sent, and who acts. Out: an `Import` row that says how far it has got and what it would change.
Whoever works on a row holds it for a while and prolongs that; if they die, anybody goes on after it. Checking stores
nothing but the plan; applying is one transaction, in which the row is marked as applied too: it happens once or not.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from content_app.audit import log
from content_app.canonical import sha256_of
from content_app.editorial import workflow
from content_app.editorial.exchange import archives, importing
from content_app.editorial.exchange.files import Problem
from content_app.editorial.transitions import require_role
from content_app.manuscripts.schema_messages import shown
from content_app.models import Import, ImportChange

HELD_FOR = timedelta(seconds=60)
TOLD_EVERY = timedelta(seconds=1)
LONGEST_READING = timedelta(minutes=3)
KEPT_FOR = timedelta(days=14)
MOST_ATTEMPTS = 3
MOST_PROBLEMS = 500
SMALL = 150_000  # bytes to read: what is smaller is done while one waits, the rest by the worker
WORKING = ("checking", "applying")
CANNOT = (
    "Something went wrong on the server and nothing was imported. Tell an administrator: the reason "
    "is in the server log."
)
TOO_LONG = "Reading the file takes too long. Split it into several zips."
logger = logging.getLogger(__name__)


def start(*, name: str, data: bytes, by: AbstractUser) -> Import:
    """Take an upload in; check it at once if it is small. Raises `workflow.TransitionNotAllowed`."""
    require_role("edit", by)
    files, size = archives.weight(name, data)
    with transaction.atomic():
        run = Import.objects.create(
            file_name=shown(name, 190), upload=data, sha256=sha256(data).hexdigest(), uploaded_by=by, total=files
        )
        log.record("import_started", by=by, what=run, sha256=run.sha256)
    return _at_once(run, size)


def agree(*, run: Import, seen: str, by: AbstractUser) -> bool:
    """Say yes to the plan that was shown, by its hash. False if it is no longer that, or no longer waiting.

    Raises `workflow.TransitionNotAllowed` to whoever may not write.
    """
    require_role("edit", by)
    waiting = Import.objects.filter(pk=run.pk, state="ready", seen=seen)
    with transaction.atomic():
        agreed = waiting.update(
            state="applying", agreed=seen, applied_by=by, done=0, attempts=0, held_until=None, was_overtaken=False
        )
        if agreed:
            log.record("import_agreed", by=by, what=run, seen=seen)
    if agreed:
        run.refresh_from_db()
        _at_once(run, archives.weight(run.file_name, bytes(run.upload))[1])
    return bool(agreed)


def discard(*, run: Import, by: AbstractUser) -> bool:
    """Forget an upload that nobody wants. False if it is being worked on, or was imported."""
    require_role("edit", by)
    unwanted = Import.objects.filter(pk=run.pk).exclude(state__in=[*WORKING, "applied"])
    with transaction.atomic():
        discarded = bool(unwanted.update(state="discarded", upload=None))
        if discarded:
            log.record("import_discarded", by=by, what=run)
    return discarded


def _at_once(run: Import, size: int) -> Import:
    if size <= SMALL:
        held = _hold(Import.objects.filter(pk=run.pk))
        if held:
            _work_on(held)
    run.refresh_from_db()
    return run


def work_on_next() -> int:
    """Go on with the oldest import that nobody works on: the worker's job. Returns how many were worked on."""
    Import.objects.filter(state="ready", uploaded_at__lt=timezone.now() - KEPT_FOR).update(
        state="discarded", upload=None
    )
    run = _hold(Import.objects.all())
    if run is None:
        return 0
    _work_on(run)
    return 1


def due(now: datetime, runs: QuerySet[Import] | None = None) -> QuerySet[Import]:
    """The imports, among these or all, that wait for work and that nobody works on."""
    runs = Import.objects.all() if runs is None else runs
    return runs.filter(Q(held_until=None) | Q(held_until__lt=now), state__in=WORKING)


def _hold(runs) -> Import | None:
    """The oldest of these that waits for work, held; None if there is none."""
    now = timezone.now()
    with transaction.atomic():
        run = due(now, runs).select_for_update(skip_locked=True).order_by("pk").first()
        if run is None:
            return None
        Import.objects.filter(pk=run.pk).update(held_until=now + HELD_FOR, attempts=F("attempts") + 1)
        run.refresh_from_db()
        return run


def _work_on(run: Import) -> None:
    """One step of an import. Whatever goes wrong ends it with a sentence, at the latest at the third attempt."""
    try:
        if run.attempts > MOST_ATTEMPTS:
            _end(run, "failed", [Problem(run.file_name, "", CANNOT)])
        elif run.state == "checking":
            _check(run)
        else:
            _apply(run)
    except Exception:
        logger.exception("Import %s failed at attempt %s.", run.uuid, run.attempts)
        if run.attempts >= MOST_ATTEMPTS:
            _end(run, "failed", [Problem(run.file_name, "", CANNOT)])
        else:
            _update(run, held_until=None)


def _check(run: Import, *, was_overtaken: bool = False) -> None:
    try:
        plan = importing.plan_of(_read_with_progress(run))
    except importing.NotImportable as refusal:
        _end(run, "refused", refusal.problems)
    else:
        _show(run, plan, was_overtaken=was_overtaken)


def _read_with_progress(run: Import) -> Iterator[tuple[str, Any]]:
    """The documents of the upload. Meanwhile the row says how many have been read, and stays held."""
    begun = last = timezone.now()
    for done, found in enumerate(archives.read(run.file_name, bytes(run.upload)), 1):
        now = timezone.now()
        if now - last > TOLD_EVERY:
            if now - begun > LONGEST_READING:
                raise importing.NotImportable([Problem(run.file_name, "", TOO_LONG)])
            last = now
            _update(run, done=done, held_until=now + HELD_FOR)
        yield found
    _update(run, done=run.total, held_until=timezone.now() + HELD_FOR)


def _update(run: Import, **values) -> bool:
    return bool(Import.objects.filter(pk=run.pk, state__in=WORKING).update(**values))


def _end(run: Import, state: str, problems: list[Problem]) -> None:
    told = [[problem.file, problem.pointer, problem.sentence] for problem in problems[:MOST_PROBLEMS]]
    counts = {"problems": len(problems)}
    with transaction.atomic():
        run.changes.all().delete()
        if _update(run, state=state, problems=told, counts=counts, upload=None, held_until=None, seen=""):
            log.record("import_failed", by=run.applied_by or run.uploaded_by, what=run, state=state, **counts)


def fingerprint(run: Import, plan: importing.Plan) -> str:
    """The hash of what a page shows: the upload, and of each document what it is now, at which version, and will be."""
    return sha256_of(
        [
            run.sha256,
            [[c.reference, c.action, c.version, c.before and sha256_of(c.before), c.document] for c in plan.changes],
            plan.left_out,
        ]
    )


def _show(run: Import, plan: importing.Plan, *, was_overtaken: bool) -> None:
    """Keep the plan for the page, and wait for somebody to agree."""
    counts = plan.counts()
    with transaction.atomic():
        run.changes.all().delete()
        ImportChange.objects.bulk_create(
            (_change(run, position, change) for position, change in enumerate(plan.changes)), batch_size=200
        )
        _update(
            run,
            state="ready",
            counts=counts,
            left_out=plan.left_out,
            seen=fingerprint(run, plan),
            was_overtaken=was_overtaken,
            held_until=None,
        )


def _change(run: Import, position: int, change: importing.Change) -> ImportChange:
    is_kept = change.action != "unchanged"
    return ImportChange(
        run=run,
        position=position,
        reference=change.reference,
        name=change.document.get("name") or change.document.get("title", ""),
        action=change.action,
        before=change.before if is_kept else None,
        after=change.document if is_kept else None,
    )


def _apply(run: Import) -> None:
    """Import what was agreed to, or show the plan again if it is no longer that."""
    try:
        plan = importing.plan_of(_read_with_progress(run))
    except importing.NotImportable as refusal:
        return _end(run, "refused", refusal.problems)
    if fingerprint(run, plan) != run.agreed:
        return _show(run, plan, was_overtaken=True)
    try:
        _store(run, plan)
    except importing.Overtaken:
        _check(run, was_overtaken=True)
    except workflow.TransitionNotAllowed as refusal:
        _end(run, "refused", [Problem(run.file_name, "", str(refusal))])


def _store(run: Import, plan: importing.Plan) -> None:
    """The plan and the word that it is done, in one transaction. Does nothing if another was quicker."""
    with transaction.atomic():
        held = Import.objects.select_for_update().filter(pk=run.pk, state="applying").first()
        if held:
            importing.apply(plan, by=held.applied_by, note=f"From {run.file_name}")
            _update(run, state="applied", applied_at=timezone.now(), upload=None, held_until=None)
            log.record("content_imported", by=held.applied_by, what=held, **plan.counts())
