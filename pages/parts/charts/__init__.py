"""The forms that figures are drawn in: pure functions from a table to a Plotly figure.

Every form takes `say`, which turns English source text into the reader's language, and `look`, the set of colours.
Names in the table come in the reader's language already. Months are YYYYMM, ages completed years, shares parts of 1.
Widths are unknown when a figure is made (340 to 1400 pixels), so labels stand at pixel offsets and heights are fixed.
"""

from pages.parts.charts.bars import columns, unit_bars
from pages.parts.charts.bridge import bridge
from pages.parts.charts.bump import bump, slope
from pages.parts.charts.by_month import by_month
from pages.parts.charts.canvas import Figure
from pages.parts.charts.caps import caps
from pages.parts.charts.clock import clock_board
from pages.parts.charts.corridor import corridor, standing
from pages.parts.charts.coverage import coverage, share_bars
from pages.parts.charts.days import days
from pages.parts.charts.fan import fan
from pages.parts.charts.flow import flow, two_ways
from pages.parts.charts.funnel import funnel
from pages.parts.charts.gaps import gaps
from pages.parts.charts.heat import heat
from pages.parts.charts.intervals import intervals
from pages.parts.charts.ladder import ladder, levels_side_by_side
from pages.parts.charts.lateness import lateness
from pages.parts.charts.over_time import over_time
from pages.parts.charts.reach_curve import reach_curve
from pages.parts.charts.sensitivity import sensitivity
from pages.parts.charts.shares import shares
from pages.parts.charts.spells import spells
from pages.parts.charts.spread import spread
from pages.parts.charts.survival import quantile, survival
from pages.parts.charts.tallies import tallies
from pages.parts.charts.timetable import STATE_SIGNS, timetable
from pages.parts.charts.up_and_down import up_and_down
from pages.parts.charts.uptake import uptake

__all__ = [
    "STATE_SIGNS",
    "Figure",
    "bridge",
    "bump",
    "by_month",
    "caps",
    "clock_board",
    "columns",
    "corridor",
    "coverage",
    "days",
    "fan",
    "flow",
    "funnel",
    "gaps",
    "heat",
    "intervals",
    "ladder",
    "lateness",
    "levels_side_by_side",
    "over_time",
    "quantile",
    "reach_curve",
    "sensitivity",
    "share_bars",
    "shares",
    "slope",
    "spells",
    "spread",
    "standing",
    "survival",
    "tallies",
    "timetable",
    "two_ways",
    "unit_bars",
    "up_and_down",
    "uptake",
]
