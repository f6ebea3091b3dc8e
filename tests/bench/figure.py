"""A page with an empty figure and nothing else: the floor under the time to a page's first figure."""

import plotly.graph_objects as go
import streamlit as st

st.plotly_chart(go.Figure())
