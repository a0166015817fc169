"""LED number displays made of software, written from the published bytes: the other end of the wire."""
