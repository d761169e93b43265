"""Bodies and answers about claims and what is found about them."""
