"""Tests of `content_app/vocabulary/`."""
