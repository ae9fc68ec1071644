"""Tests of `content_app/delivery/mcp/`."""
