"""Tests of `content_app/audit/`."""
