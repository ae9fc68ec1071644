"""The pages on which sources are kept."""
