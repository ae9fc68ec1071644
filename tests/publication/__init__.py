"""Tests of `content_app/publication/`."""
