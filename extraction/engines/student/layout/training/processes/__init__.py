"""Training of one student by several processes of a machine, each with its share of every batch (data parallelism)."""
