"""What programs send and get. Descriptions and examples go into the OpenAPI document as they stand here."""
