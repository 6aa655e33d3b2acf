"""The container of a dossier: one file with everything that a stranger needs to verify it, offline and without us."""
