"""Devices: presence, last contact, the order of their commands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from dispatcher.store.quick import hot
from dispatcher.store.session import Read, Tx
from dispatcher.store.tables import device
from dispatcher.store.upsert import upsert


def get(tx: Tx | Read, device_id: str) -> Row[Any] | None:
    return tx.conn.execute(_GET, {"of_site": tx.site, "of_device": device_id}).first()


_GET = select(device).where(device.c.site == bindparam("of_site"), device.c.id == bindparam("of_device"))
hot(_GET)


def everything(tx: Tx | Read) -> dict[str, Row[Any]]:
    return {row.id: row for row in tx.conn.execute(select(device).where(device.c.site == tx.site))}


def set_status(tx: Tx, device_id: str, *, online: bool, status: dict[str, Any]) -> None:
    """What a device says of itself; coming on line begins its sequence anew."""
    values: dict[str, Any] = {"online": online, "status": status}
    if online:
        values |= {"contact": tx.now, "last_seq": None}
    upsert(tx.conn, device, {"site": tx.site, "id": device_id}, values)


def touch(tx: Tx, device_id: str, contact: datetime, last_seq: int | None) -> None:
    """A command has come from a device."""
    values: dict[str, Any] = {"contact": contact}
    if last_seq is not None:
        values["last_seq"] = last_seq
    upsert(tx.conn, device, {"site": tx.site, "id": device_id}, {"online": True} | values)
