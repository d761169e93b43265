"""Canaries: a share of the traffic to a candidate version, compared with the serving one on the same documents."""
