"""Tests of `content_app/delivery/search/`."""
