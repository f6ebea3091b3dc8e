"""An empty Streamlit page: the floor under every page's time."""

import streamlit as st

st.empty()
