"""The printers that can be played, and what tells them apart."""

from dataclasses import dataclass
from typing import Literal

Dialect = Literal["epson", "custom", "pyramid", "star", "clone"]


@dataclass(frozen=True)
class Model:
    """One printer. Lengths are in dots of its own head; `cp858` is the code table number that holds the euro."""

    name: str
    maker: str
    dialect: Dialect = "epson"
    dots: int = 576
    dots_per_mm: float = 203 / 25.4
    cell_a: tuple[int, int] = (12, 24)
    cell_b: tuple[int, int] = (9, 17)
    line_spacing: int = 30
    cp858: int = 19
    native_qr: bool = True
    cutter: bool = True
    process_id: bool = True
    power_on_notice: bool = True
    head_to_cutter_mm: float = 15.0
    type_byte: int = 0x02
    model_byte: int = 0x20

    @property
    def head_to_cutter(self) -> int:
        """Dots between the head and the knife: paper printed last that a cut without a feed leaves inside."""
        return round(self.head_to_cutter_mm * self.dots_per_mm)


def _t88(name: str, *, process_id: bool) -> Model:
    return Model(
        name,
        "EPSON",
        dots=512,
        dots_per_mm=180 / 25.4,
        line_spacing=30,
        process_id=process_id,
    )


def _clone(name: str, maker: str, **rest: object) -> Model:
    return Model(name, maker, dialect="clone", process_id=False, power_on_notice=False, **rest)  # type: ignore[arg-type]


MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        Model("TM-T20II", "EPSON"),
        _t88("TM-T88III", process_id=False),
        _t88("TM-T88IV", process_id=True),
        _t88("TM-T88V", process_id=True),
        Model("TM-L90", "EPSON"),
        Model("TM-T90", "EPSON"),
        Model("CT-S300", "CITIZEN"),
        _clone("KR-306", "KR", cp858=14),
        _clone("TH230", "TH", cp858=6, native_qr=False, cell_a=(13, 24), cell_b=(10, 17)),
        _clone("POS-5890", "POS", dots=384, native_qr=False, cutter=False, type_byte=0x00),
        Model("TSP600", "Star", dialect="star", cp858=4, process_id=False, power_on_notice=False, cell_a=(13, 24)),
        Model("KPM180", "CUSTOM", dialect="custom", process_id=False, power_on_notice=False, native_qr=False),
        Model("Reliance", "PYRAMID", dialect="pyramid", process_id=False, power_on_notice=False, native_qr=False),
    )
}
