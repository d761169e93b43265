"""Label files of other tools, each format a module and a registration."""
