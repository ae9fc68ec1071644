"""FHIR over HTTP."""
