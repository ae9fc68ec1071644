"""An item as editors have it, as plain data: its schema, its rows, its rules, and how it is compiled."""
