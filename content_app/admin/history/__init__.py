"""The pages that show what happened."""
