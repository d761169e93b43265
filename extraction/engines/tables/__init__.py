"""Tables in files: CSV and XLSX, read line by line."""
