"""Whether the background work gets done: the worker's heartbeat, and what it should have done by now."""
