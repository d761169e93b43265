"""Work that takes its time: what ends it."""
