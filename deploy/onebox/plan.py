"""All parts of an office on one machine: commands, environments, addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.device import LED
from deploy.onebox import broker, vault
from deploy.onebox.parts import Part, python_part, python_path
from deploy.onebox.ports import Address, settle
from dispatcher.engine.model import Device, Display, Office
from dispatcher.wire import clock, looks
from dispatcher.wire.messages import BUTTONS, LEDS
from dispatcher.wire.program import password_variable

VIRTUAL_PRINTERS = "NUMERETTO_VIRTUAL_PRINTERS"
ROOM_URL = "NUMERETTO_ROOM_URL"


@dataclass(frozen=True)
class Plan:
    """What a onebox is to run. `outside_broker` is None when it runs its own, at `mqtt`."""

    office: Office
    site_file: Path
    data: Path
    http: Address
    mqtt: Address
    room_url: str
    secrets: vault.Secrets
    environ: Mapping[str, str]
    outside_broker: str | None = None
    mosquitto: str | None = None
    headless: bool = False
    clock_text: str | None = None
    panels: Mapping[str, Address] = field(default_factory=dict)
    printers: Mapping[str, Address] = field(default_factory=dict)

    @property
    def http_url(self) -> str:
        return f"http://{self.http.reachable}"

    @property
    def broker_url(self) -> str:
        """As the parts connect to it."""
        return self.outside_broker or f"mqtt://{self.mqtt.reachable}"

    @property
    def run_folder(self) -> Path:
        return self.data / "run"


def virtual_printers(office: Office) -> tuple[dict[str, Address], dict[str, Address]]:
    """Addresses of the printers and of their front panels, by kiosk; fixed for the whole run, over restarts."""
    kiosks = [kiosk.id for kiosk in office.kiosks.values() if kiosk.printer == "virtual"]
    found: set[Address] = set()
    while len(found) < 2 * len(kiosks):
        found.add(settle(Address("127.0.0.1", 0), may_give_way=True))
    addresses = list(found)
    return dict(zip(kiosks, addresses, strict=False)), dict(zip(kiosks, addresses[len(kiosks) :], strict=False))


def parts(plan: Plan) -> list[Part]:
    """Every child, in the order in which they are started."""
    found = []
    if plan.outside_broker is None:
        accounts = broker.Accounts(
            dispatcher=plan.secrets.values[vault.BROKER_PASSWORD],
            observer=plan.secrets.values[vault.OBSERVER_PASSWORD],
            room=plan.secrets.values[vault.ROOM_PASSWORD],
            devices=device_passwords(plan),
        )
        folder = plan.data / "broker"
        found.append(broker.part(plan.office, accounts, plan.mqtt, folder, plan.mosquitto, _base(plan)))
    found.append(_dispatcher(plan))
    found += [_printer(plan, kiosk) for kiosk in plan.printers]
    found += [_display(plan, one) for one in plan.office.displays.values()]
    found += [_device(plan, "kiosk", name, plan.office.kiosks[name].secret_env) for name in plan.office.kiosks]
    found += [_at_counter(plan, one) for one in plan.office.devices.values() if _plays(one)]
    return found


def _display(plan: Plan, display: Display) -> Part:
    """A screen; an upright one gets an upright surface, in a window half as large, which fits a desk's monitor."""
    width, height = looks.usual_size(display.layout)
    upright = width < height
    if upright and not plan.headless:
        width, height = width // 2, height // 2
    shape = ["--size", f"{width}x{height}"] if upright else []
    return _device(plan, "display", display.id, display.secret_env, *shape)


def _plays(device: Device) -> bool:
    """Whether a program of ours drives the device. Without a port it speaks the contract's topics by itself."""
    return device.kind in (*BUTTONS, *LEDS) and device.port is not None


def _at_counter(plan: Plan, device: Device) -> Part:
    return _device(plan, "device", device.id, device.secret_env, *([LED] if device.kind in LEDS else []))


def device_passwords(plan: Plan) -> dict[str, str]:
    """Passwords at the broker by device."""
    office = plan.office
    variables = {name: kiosk.secret_env for name, kiosk in office.kiosks.items()}
    variables |= {name: display.secret_env for name, display in office.displays.items()}
    variables |= {name: device.secret_env for name, device in office.devices.items()}
    return {name: plan.secrets.values[variable] for name, variable in variables.items()}


def _base(plan: Plan, **more: str) -> dict[str, str]:
    """The environment of a child: ours without any secret, and what this child needs."""
    hidden = {*plan.secrets.values, clock.VARIABLE, ROOM_URL, VIRTUAL_PRINTERS, *_given(plan)}
    env = {name: value for name, value in plan.environ.items() if name not in hidden}
    env.update(python_path(plan.environ))
    env["PYTHONUNBUFFERED"] = "1"
    if plan.clock_text:
        env[clock.VARIABLE] = plan.clock_text
    return {**env, **more}


def _given(plan: Plan) -> dict[str, str]:
    """Secrets that others gave us, for the dispatcher alone: they cannot be made up, as our own are."""
    mail, identity = plan.office.mail, plan.office.identity
    variables = (mail.password_env if mail else None, identity.secret_env if identity else None)
    return {name: plan.environ[name] for name in variables if name and name in plan.environ}


def _dispatcher(plan: Plan) -> Part:
    printers = {kiosk: f"tcp://{address}" for kiosk, address in plan.printers.items()}
    devices = {password_variable(name) for name in ("observer", "room")}
    known = {name: value for name, value in plan.secrets.values.items() if name not in devices}
    known |= _given(plan)
    env = _base(plan, **known, **{ROOM_URL: plan.room_url, VIRTUAL_PRINTERS: json.dumps(printers)})
    ready = plan.run_folder / "dispatcher.json"
    where = ["--site", str(plan.site_file), "--data", str(plan.data), "--http", str(plan.http)]
    command = ["dispatcher", *where, "--broker", plan.broker_url, "--ready-file", str(ready)]
    return Part("dispatcher", python_part("deploy.cli:main", *command), env, ready_file=ready)


def _printer(plan: Plan, kiosk: str) -> Part:
    name = f"printer-{kiosk}"
    ready = plan.run_folder / f"{name}.json"
    where = ["--listen", f"tcp://{plan.printers[kiosk]}", "--control", str(plan.panels[kiosk])]
    arguments = [*where, "--data", str(plan.data / name), "--ready-file", str(ready), "--log-level", "warning"]
    return Part(name, python_part("deploy.onebox.printer:main", *arguments), _base(plan), rank=2, ready_file=ready)


def _device(plan: Plan, kind: str, identifier: str, variable: str, *more: str) -> Part:
    name = f"{kind}-{identifier}"
    ready = plan.run_folder / f"{name}.json"
    command = [kind, "--site", plan.office.id, "--id", identifier, "--broker", plan.broker_url]
    command += ["--ready-file", str(ready), *more]
    if kind in ("kiosk", "display"):
        command += ["--data", str(plan.data / name)]
    if plan.headless and kind != "device":
        command.append("--headless")
    env = _base(plan, **{password_variable(identifier): plan.secrets.values[variable]})
    return Part(name, python_part("deploy.cli:main", *command), env, ready_file=ready)
