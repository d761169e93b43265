"""The Model Context Protocol: assistants read documents through the same services as pages and API."""
