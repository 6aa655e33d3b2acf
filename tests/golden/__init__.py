WRITE = "KEEP_GOLDEN"
"""The variable of the environment that asks for the new dossier to be kept."""
