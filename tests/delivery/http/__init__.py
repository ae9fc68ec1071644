"""Tests of `content_app/delivery/http/`."""
