"""What the office does: one function a use case, one transaction, the fact and its messages together."""
