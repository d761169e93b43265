"""Documents, labels and claims from files, for commands; documents by their names."""
