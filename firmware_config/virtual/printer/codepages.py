"""What a byte from 80 on prints, by code table number. [Epson, character code tables]"""

from firmware_config.virtual.printer.models import Model

EPSON_TABLES: dict[int, str] = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    14: "cp737",
    15: "iso8859_7",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    33: "cp775",
    34: "cp855",
    35: "cp861",
    36: "cp862",
    37: "cp864",
    38: "cp869",
    39: "iso8859_2",
    40: "iso8859_15",
    45: "cp1250",
    46: "cp1251",
    47: "cp1253",
    48: "cp1254",
    49: "cp1255",
    50: "cp1256",
    51: "cp1257",
    52: "cp1258",
}

# The printers' ISO 8859-7 is the edition of 1987: the euro, the drachma and the ypogegrammeni came in 2003.
_NOT_IN_1987 = frozenset({0xA4, 0xA5, 0xAA})


def codec(model: Model, table: int) -> str | None:
    """Name of the codec of code table `table` on `model`; None where that printer's table is not known."""
    if table == model.cp858:
        return "cp858"
    if model.dialect == "epson":
        return EPSON_TABLES.get(table)
    return "cp437" if table == 0 else None


def character(codec_name: str, byte: int) -> str | None:
    """The character that `byte` prints, or None where the table has none."""
    if codec_name == "iso8859_7" and byte in _NOT_IN_1987:
        return None
    try:
        text = bytes((byte,)).decode(codec_name)
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None
