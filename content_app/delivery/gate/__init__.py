"""Who may ask, and how much: API keys, limits, deprecations, refusals."""
