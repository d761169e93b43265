"""Claims from tables: what employees typed, a line a document, as values of fields."""
