"""Quality of labels: the probability that one is right, what speaks for and against it, and what to ask people next."""
