"""Prints, as JSON, the values of the settings <name>... as rez sees them."""
import json
import os
import sys

# What a configuration file prints goes to stderr: only the answer goes to stdout.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from rez.config import config

json.dump({name: getattr(config, name) for name in sys.argv[1:]}, answer)
answer.flush()
