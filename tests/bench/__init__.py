"""Speed, measured: ratios between ways to the same answer, within one run."""
