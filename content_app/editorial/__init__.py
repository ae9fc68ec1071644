"""Who may do what to content, and when."""
