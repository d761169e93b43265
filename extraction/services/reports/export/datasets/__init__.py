"""Data sets of pages with the places of values, as programs that learn or annotate read them."""
