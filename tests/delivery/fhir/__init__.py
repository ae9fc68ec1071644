"""Tests of `content_app/delivery/fhir/`."""
