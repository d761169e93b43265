"""What of a report can be trusted: misses with their causes, confidences, two systems side by side, the outlook."""
