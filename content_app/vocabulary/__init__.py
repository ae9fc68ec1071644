"""Every word, predicate, code system and field that content is made of, each described once."""
