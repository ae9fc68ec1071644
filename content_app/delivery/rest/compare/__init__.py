"""Comparing releases and conditions."""
