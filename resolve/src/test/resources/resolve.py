"""Resolves with a real rez, and says whether the resolve came from its cache; for tests."""
import json
import sys

from rez.package_filter import PackageFilterList
from rez.package_order import PackageOrderList
from rez.resolved_context import ResolvedContext

words = json.load(sys.stdin)
try:
    context = ResolvedContext(
        words["requests"],
        package_paths=words["paths"],
        timestamp=words.get("timestamp"),
        building=words.get("building", False),
        add_implicit_packages=words.get("implicit", True),
        package_filter=PackageFilterList.from_pod(words.get("filter", [])),
        package_orderers=PackageOrderList.from_pod(words.get("orderers", [])),
    )
except Exception as e:  # of a solve; a cached resolve needs none
    print(json.dumps({"status": str(e), "from_cache": False}))
    sys.exit(0)
if words.get("save"):
    context.save(words["save"])
print(json.dumps({
    "status": context.status.name,
    "from_cache": context.from_cache,
    "packages": [x.qualified_name for x in context.resolved_packages or []],
    "graph": len(context.graph().nodes()),
    "dot": len(context.graph(as_dot=True)),
}))
