"""What people do, one verb a function: keyword-only, with `actor` and `at`; gives a model or raises."""
