"""The one version number of every part."""

VERSION = "0.1.0"
