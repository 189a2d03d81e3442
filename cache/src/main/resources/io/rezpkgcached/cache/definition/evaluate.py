"""Prints, as JSON, the attributes of the package <location> <name> [<version>] as rez sees them."""
import json
import os
import sys

# What the package's code prints goes to stderr: only the answer goes to stdout.
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from rez.config import config

# The definition on disk counts, not what somebody remembers of it.
config.override("memcached_uri", [])

from rez.package_repository import package_repository_manager
from rez.packages import Package

location, name = sys.argv[1:3]
version = sys.argv[3] if len(sys.argv) > 3 else None

repository = package_repository_manager.get_repository("filesystem@" + location)
variables = {"location": repository.location, "name": name}
if version:
    variables["version"] = version
package = Package(repository.get_resource("filesystem.package", **variables))

result = {
    "cachable": package.cachable,
    "relocatable": package.relocatable,
    "hashed_variants": bool(package.hashed_variants),
    "timestamp": package.timestamp,
}
if package.variants:
    result["variants"] = [[str(requirement) for requirement in variant] for variant in package.variants]

json.dump(result, answer)
answer.flush()
