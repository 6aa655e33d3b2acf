"""What people do, one verb a function: keyword-only, with `actor` and `at`; a model comes back or an error is raised."""
