"""A release as one signed file."""
