"""Claims as rows, and the lines of a table that become such."""
