"""The product from the outside, as one process."""
