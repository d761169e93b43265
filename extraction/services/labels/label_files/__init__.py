"""Files of labels: what they say, which documents they mean, and how it is stored."""
