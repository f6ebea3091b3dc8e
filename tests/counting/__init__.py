"""Every topic's questions once more, counted in plain Python, for comparison with what the SQL says."""
