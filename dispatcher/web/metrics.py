"""Figures for Prometheus (text format 0.0.4): counts and gauges, never a name, a label or an address."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Gauge:
    """One sample. `name` without prefix, e.g. `outbox_messages`; samples of one name must follow each other."""

    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: str = "gauge"


class RequestCounts:
    """Answered requests by method, endpoint and status."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, int]] = Counter()

    def add(self, method: str, endpoint: str, status: int) -> None:
        with self._lock:
            self._counts[method, endpoint, status] += 1

    def samples(self) -> list[Gauge]:
        with self._lock:
            counts = sorted(self._counts.items())
        return [
            Gauge(
                "http_requests_total",
                "Requests answered.",
                count,
                {"method": method, "endpoint": endpoint, "status": str(status)},
                "counter",
            )
            for (method, endpoint, status), count in counts
        ]


def write(samples: Iterable[Gauge]) -> str:
    """The samples as Prometheus reads them."""
    lines: list[str] = []
    last = ""
    for sample in samples:
        name = f"numeretto_{sample.name}"
        if name != last:
            lines += [f"# HELP {name} {sample.help}", f"# TYPE {name} {sample.kind}"]
            last = name
        labels = ",".join(f'{key}="{_escape(value)}"' for key, value in sample.labels.items())
        lines.append(f"{name}{{{labels}}} {sample.value:g}" if labels else f"{name} {sample.value:g}")
    return "\n".join(lines) + "\n"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
