"""One of the processes that work on a cache at once, as rez does it.

    rez-python all_at_once.py ask CACHE SEED COUNT CHUNK     requests COUNT variants, CHUNK at a time, as contexts do
    rez-python all_at_once.py sync CACHE SEED COUNT          the same at once, in sync mode: copies until nothing is pending
    rez-python all_at_once.py hammer CACHE STOP              takes the lock as fast as it can until there is a file STOP
    rez-python all_at_once.py look CACHE                     prints status, URI, root and cached root of all variants
"""
import os
import random
import sys
import time

from rez.config import config
from rez.package_cache import PackageCache
from rez.packages import iter_package_families
from rez.vendor.lockfile import LockFile, LockError

HELD = 0.001
PAUSE = 0.005


def all_variants():
    found = []
    for family in iter_package_families(paths=config.packages_path):
        for package in family.iter_packages():
            found.extend(package.iter_variants())
    return sorted(found, key=lambda variant: variant.uri)


def some_variants(seed, count):
    found = all_variants()
    random.Random(seed).shuffle(found)
    return found[:count]


def ask(cache, seed, count, chunk):
    variants = some_variants(int(seed), int(count))
    for i in range(0, len(variants), int(chunk)):
        PackageCache(cache).add_variants(variants[i:i + int(chunk)])


def sync(cache, seed, count):
    PackageCache(cache).add_variants(some_variants(int(seed), int(count)), package_cache_async=False)


def hammer(cache, stop):
    taken = 0
    while not os.path.exists(stop):
        lock = LockFile(os.path.join(cache, ".sys", ".lock"))
        try:
            lock.acquire(timeout=0.02)
            time.sleep(HELD)
            lock.release()
            taken += 1
        except LockError:
            pass
        time.sleep(PAUSE)
    print(taken)


def look(cache):
    pkgcache = PackageCache(cache)
    for variant in all_variants():
        status, root = pkgcache._get_cached_root(variant)
        print("\t".join((str(status), variant.uri, variant.root, root)))


{"ask": ask, "sync": sync, "hammer": hammer, "look": look}[sys.argv[1]](*sys.argv[2:])
