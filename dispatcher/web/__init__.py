"""The dispatcher over HTTP: the API, the counter's page, the booking page, the ticket's page."""

from dispatcher.web.app import create_app
from dispatcher.web.context import Limits
from dispatcher.web.metrics import Gauge

__all__ = ["Gauge", "Limits", "create_app"]
