"""Tests of `content_app/admin/`."""
