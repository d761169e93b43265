"""Cross-checks: labels beside what students read that did not learn from them."""
