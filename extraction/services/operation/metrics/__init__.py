"""Metrics of the installation, in Prometheus' terms. No sample holds a content, a file's name, a value or a person."""
