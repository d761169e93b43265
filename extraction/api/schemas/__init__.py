"""Bodies of requests and answers. Descriptions and examples go into the OpenAPI document as they stand here."""
