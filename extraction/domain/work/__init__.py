"""Work that takes its time: what ends it, and who watches it."""
