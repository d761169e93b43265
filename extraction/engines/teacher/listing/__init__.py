"""The method `LIST`: a model lists what is printed, and the values are mapped to a project's fields without a model."""
