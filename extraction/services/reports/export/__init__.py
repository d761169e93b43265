"""Exports of a project's labels and of its reports, in registered formats (see docs/recipes/exporter.md).

They stand in the stage of reports, the topmost that reads labels as well as reports: exporters of both kinds share one
protocol and one registry, and stages import downwards only.
"""
