"""A second, naive reading of the rules of the queue: plain lists and whole sorts, sharing no code with the product."""
