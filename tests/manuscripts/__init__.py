"""Tests of `content_app/manuscripts/`."""
