"""Tests of `content_app/delivery/cds_hooks/`."""
