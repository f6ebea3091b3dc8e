"""Promises that only a real browser can keep."""
