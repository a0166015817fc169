"""The button board of a dispenser made of software, written from its published lines: the other end of the wire."""
