"""What is looked at in a PDF before it is taken. Runs in a child process: see `signing.engine.intake`."""
