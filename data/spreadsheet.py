"""What leaves for a spreadsheet: no text of ours may run there as a formula."""

from typing import Any

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What browsers call the type of a workbook (.xlsx)."""
FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""Signs at the beginning of a text that make a spreadsheet compute it."""


def disarmed(cell: Any) -> Any:
    """The cell, marked as text where it is a text that a spreadsheet would run; a number stays a number."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
