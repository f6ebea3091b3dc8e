"""A page of four charts, drawn as ?by= says: as the dashboard's figures, as go.Figure, or by Plotly Express."""

import gc

import numpy as np
import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

from pages.parts.charts.canvas import Figure

LEVELS, MONTHS, BANDS, PEOPLE = 10, 120, 9, 2_000


@st.cache_resource
def settled() -> bool:
    """Take what is loaded out of the garbage collector's rounds once, as the dashboard does when it starts."""
    gc.collect()
    gc.freeze()
    return True


def tables(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A matrix of levels and months, a line a level, a pyramid, and people by age and years in post."""
    draw = np.random.default_rng(seed)
    matrix = pd.DataFrame(draw.random((LEVELS, 12)))
    walked = draw.normal(size=(MONTHS, LEVELS)).cumsum(axis=0)
    lines = (
        pd.DataFrame(walked).melt(ignore_index=False, var_name="level", value_name="share").reset_index(names="month")
    )
    bands = pd.DataFrame(
        {"band": range(BANDS), "men": draw.integers(1, 99, BANDS), "women": -draw.integers(1, 99, BANDS)}
    )
    people = pd.DataFrame({"age": draw.integers(22, 60, PEOPLE), "years": draw.random(PEOPLE)})
    return matrix, lines, bands.melt("band", var_name="sex", value_name="people"), people


def figures(seed: int) -> list[Figure]:
    """Draw them as the dashboard does: as plain data."""
    matrix, lines, bands, people = tables(seed)
    layout = {"height": 300}
    return [
        Figure([{"type": "heatmap", "z": matrix.to_numpy().tolist()}], layout),
        Figure(
            [
                {"type": "scatter", "mode": "lines", "x": one["month"].tolist(), "y": one["share"].tolist()}
                for _, one in lines.groupby("level")
            ],
            layout,
        ),
        Figure(
            [
                {"type": "bar", "orientation": "h", "x": side["people"].tolist(), "y": side["band"].tolist()}
                for _, side in bands.groupby("sex")
            ],
            {**layout, "barmode": "relative"},
        ),
        Figure(
            [{"type": "scatter", "mode": "markers", "x": people["age"].tolist(), "y": people["years"].tolist()}], layout
        ),
    ]


def graph_objects(seed: int) -> list[go.Figure]:
    """Draw them by Plotly's own objects."""
    matrix, lines, bands, people = tables(seed)
    sides = [go.Bar(x=side["people"], y=side["band"], orientation="h") for _, side in bands.groupby("sex")]
    return [
        go.Figure(go.Heatmap(z=matrix), {"height": 300}),
        go.Figure([go.Scatter(x=one["month"], y=one["share"]) for _, one in lines.groupby("level")], {"height": 300}),
        go.Figure(sides, {"height": 300, "barmode": "relative"}),
        go.Figure(go.Scatter(x=people["age"], y=people["years"], mode="markers"), {"height": 300}),
    ]


def express(seed: int) -> list[go.Figure]:
    """Draw them by Plotly Express."""
    matrix, lines, bands, people = tables(seed)
    return [
        px.imshow(matrix, height=300),
        px.line(lines, x="month", y="share", color="level", height=300),
        px.bar(bands, x="people", y="band", color="sex", orientation="h", height=300),
        px.scatter(people, x="age", y="years", height=300),
    ]


WAYS = {"figures": figures, "go": graph_objects, "express": express}
by = st.query_params.get("by", "figures")
if by == "figures":
    settled()
for place, figure in enumerate(WAYS[by](int(st.query_params.get("seed", "0")))):
    st.plotly_chart(figure, key=f"chart{place}")
