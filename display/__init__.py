"""The waiting-room screen: calls seen and heard, and the truth about how old they are."""
