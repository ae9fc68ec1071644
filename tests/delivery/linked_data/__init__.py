"""Tests of `content_app/delivery/linked_data/`."""
