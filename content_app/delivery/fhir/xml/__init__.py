"""FHIR as XML (https://hl7.org/fhir/R4/xml.html): resources are JSON everywhere else."""
