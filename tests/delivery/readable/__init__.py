"""Tests of `content_app/delivery/readable/`."""
