"""Tests of `content_app/editorial/`."""
