"""Input devices made of software: a FIFO that says what the kernel would say of keys."""
