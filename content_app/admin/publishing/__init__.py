"""The pages on which releases are prepared and looked at."""
