"""Push-buttons with lamps on a serial line instead of a screen, or beside one (B8). PROTOCOL.md says what goes over the
line."""
