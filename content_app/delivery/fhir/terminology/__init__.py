"""FHIR terminology operations over resources, without HTTP and without a database."""
