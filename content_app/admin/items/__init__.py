"""The pages on which items are written."""
