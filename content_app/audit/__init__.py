"""Every act, with who, when, from where and what."""
