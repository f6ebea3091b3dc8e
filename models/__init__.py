"""What we expect: pure functions and small estimators, tables in and tables out."""
