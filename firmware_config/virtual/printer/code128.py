"""The bars of CODE128. [ISO/IEC 15417, table 1]"""

# Widths of the six bars and spaces of each symbol character 0..105; the stop character has seven.
_ROW = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
_WIDTHS = tuple(_ROW[i : i + 6] for i in range(0, len(_ROW), 6))
_STOP = "2331112"
_START = {"A": 103, "B": 104, "C": 105}


def parse(data: bytes) -> tuple[str, list[int]]:
    """The readable text and the symbol values of `{B…` data, set B only. Raises ValueError on anything else."""
    if data[:2] != b"{B":
        raise ValueError("CODE128 data begins with {B")
    text, values, rest = "", [_START["B"]], data[2:]
    while rest:
        if rest[0] == 0x7B:
            if rest[:2] != b"{{":
                raise ValueError(f"CODE128 has no {rest[:2]!r} here")
            rest = rest[1:]
        if not 0x20 <= rest[0] <= 0x7F:
            raise ValueError("CODE128 set B holds the bytes 20 to 7F")
        text += chr(rest[0])
        values.append(rest[0] - 0x20)
        rest = rest[1:]
    if not text:
        raise ValueError("CODE128 without data")
    return text, values


def modules(values: list[int]) -> str:
    """Dark and light modules, 1 and 0, with check character and stop."""
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], start=1))) % 103
    widths = "".join(_WIDTHS[value] for value in (*values, check)) + _STOP
    return "".join(("1" if i % 2 == 0 else "0") * int(width) for i, width in enumerate(widths))
