"""The shared contract: topics, messages and the client; all that a kiosk or a display may know of the dispatcher."""
