"""The only door to published tables, and the sentences that all forms share."""
