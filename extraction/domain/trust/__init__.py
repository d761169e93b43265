"""Trust in answers: causes of misses, confidences, learning curves, drift."""
