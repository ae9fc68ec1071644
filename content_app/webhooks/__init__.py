"""Webhooks in the Standard Webhooks format: events written with a release, sent by the worker, signed and retried.

`events` writes the outbox in the publishing transaction. `outbox` hands its events to endpoints; `sending` makes one
request, over a connection that `connecting` has checked; `working` does that in threads of `manage.py work`.
`endpoints` is what administrators do: rotate, switch, test, replay. Nothing here reads a draft.
"""
