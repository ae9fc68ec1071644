"""The application: editorial content becomes immutable releases, which an API serves."""

VERSION = "0.1.0"  # of the software, everywhere it is told; pyproject.toml and CHANGELOG.md begin with the same
