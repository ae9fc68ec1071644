"""Tests of `content_app/webhooks/`."""
