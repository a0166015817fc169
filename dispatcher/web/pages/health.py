"""Whether the process lives, whether all parts are ready, and the figures."""

from __future__ import annotations

from flask import Blueprint, Response

from dispatcher.usecases import views
from dispatcher.web import metrics
from dispatcher.web.api.call import as_json
from dispatcher.web.context import context
from dispatcher.web.metrics import Gauge


def make_blueprint() -> Blueprint:
    """`/healthz`, `/readyz`, `/metrics`."""
    blueprint = Blueprint("health", __name__)
    blueprint.add_url_rule("/healthz", "healthz", healthz)
    blueprint.add_url_rule("/readyz", "readyz", readyz)
    blueprint.add_url_rule("/metrics", "figures", measured)
    return blueprint


def healthz() -> Response:
    """The process answers."""
    return as_json({"alive": True})


def readyz() -> Response:
    """200 only when every part is up."""
    parts = dict(context().ready())
    ready = all(parts.values())
    return as_json({"ready": ready, "parts": parts}, 200 if ready else 503)


def measured() -> Response:
    """Queues, streams and requests; what else the composition adds."""
    ctx = context()
    figures = ctx.desk.read(views.figures)
    samples = [Gauge("tickets", "Tickets by state.", n, {"state": state}) for state, n in figures["tickets"].items()]
    samples += [
        Gauge("waiting_tickets", "Tickets waiting.", n, {"service": one}) for one, n in figures["waiting"].items()
    ]
    samples.append(Gauge("outbox_messages", "Messages stored and not yet sent.", figures["outbox"]))
    samples.append(Gauge("live_streams", "Pages that are fed by a stream.", ctx.streams.open))
    samples.extend(ctx.gauges())
    samples.extend(ctx.counts.samples())
    return Response(metrics.write(samples), content_type=metrics.CONTENT_TYPE)
