"""API clients and webhook endpoints."""
