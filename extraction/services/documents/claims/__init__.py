"""Claims from tables: upload, column mapping, import in the background, taking back, agreement with other sources."""
