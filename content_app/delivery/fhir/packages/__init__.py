"""Every release as a FHIR package and as one Bundle, for clients that load terminology once."""
