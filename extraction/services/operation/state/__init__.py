"""Facts about the installation, for the page of it and the command `status`."""
