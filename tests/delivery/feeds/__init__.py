"""Tests of `content_app/delivery/feeds/`."""
