"""The pages for people, a module each; every one works without JavaScript."""
