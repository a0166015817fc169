"""The rules of the queue, pure: standard library only, time is an argument, nothing is read or written."""
