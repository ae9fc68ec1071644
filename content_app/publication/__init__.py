"""The waist: how a release is written, indexed and proven."""
