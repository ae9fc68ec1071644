"""HL7 Infobutton (context-aware knowledge retrieval): a code from a chart in, the content that belongs to it out.

`asking` reads the request, `lookup` finds the documents, `feed` builds the knowledge response, `atom` writes it as
XML; `views` is all that touches HTTP. It answers what MedlinePlus Connect answers, at one address, in the same shapes.
"""
