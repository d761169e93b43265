"""Which documents a label run asks about, where they are to teach most."""
