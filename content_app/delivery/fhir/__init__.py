"""A FHIR R4 (4.0.1) terminology server over released documents.

In: public documents of one release. Out: FHIR resources and the answers to terminology operations. All modules but
`parameters`, `releases`, `views` and `urls` are pure functions from plain data to plain data: no Django, no database.
Those that know nothing of this library (`concepts`, `filters`, `compose`, `expand`, `validate`, `lookup`, `subsumes`,
`translate`) work on any CodeSystem, ValueSet or ConceptMap, so clients may bring their own with a request.
"""
