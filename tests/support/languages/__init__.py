"""Languages of pages: compiled catalogues, and what is in them."""
