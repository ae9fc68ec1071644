"""Tests of `content_app/delivery/sandbox/`."""
