"""CDS Hooks 2.0: a chart is opened or a problem added, and at most two cards say what to read about its codes.

`services` says what there is, `body` and `asking` read a call, `lookup` finds the documents, `cards` builds the cards;
`views` is all that touches HTTP. Nothing is stored, nobody is called back, and no card names a diagnosis or an order
of likelihood.
"""
