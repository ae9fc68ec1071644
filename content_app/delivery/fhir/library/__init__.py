"""The library's own FHIR resources."""
