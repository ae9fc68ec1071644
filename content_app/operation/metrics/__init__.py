"""`/metrics` for Prometheus: what this server has answered, and how the library and its background work stand.

`counts` are kept by each process in memory of its own and shown once a second in memory that all share, so that a hot
read costs no lock; `routes` groups addresses; `page` writes them all down, whichever process is asked. Nothing is
counted unless `METRICS_TOKEN` is set.
"""
