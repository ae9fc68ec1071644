"""HTTP: negotiation, problems, media types, headers, byte ranges."""
