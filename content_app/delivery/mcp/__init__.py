"""A read-only server of the Model Context Protocol: language models search, read, look codes up, and follow changes.

`finding` reads the waist, `answers` shapes what was found, `tools` are the four tools as plain functions, `server`
registers them with the official SDK. `manage.py mcp` runs it over standard input and output.
"""
