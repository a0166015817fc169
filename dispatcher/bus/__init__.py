"""The office on MQTT: commands in, stored messages out."""
