"""Tests of `content_app/models/`."""
