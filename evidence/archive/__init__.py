"""Where sealed dossiers and signed files are kept for the years that follow, apart from the running service."""
