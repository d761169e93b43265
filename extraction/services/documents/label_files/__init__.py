"""Label files that pages and programs send: upload, loading in the background, outcome."""
