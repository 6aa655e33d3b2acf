#!/usr/bin/env python
"""Django's command line for Paraphe."""

import os
import sys

from django.core.management import execute_from_command_line

from config.alone import of_nowhere

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with of_nowhere(sys.argv):
        execute_from_command_line(sys.argv)
