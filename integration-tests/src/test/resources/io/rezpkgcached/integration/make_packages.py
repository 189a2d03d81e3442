"""Installs packages through rez itself, and prints a line for each variant: its URI, a tab, its root.

    rez-python make_packages.py REPOSITORY SPECIFICATION

A line of the specification has four fields between tabs: name and version; "hashed" or ""; the variants, separated by
";", their requirements by blanks; the folder whose content is the payload of each variant, separated by ":".
"""
import os
import subprocess
import sys

from rez.package_maker import make_package


def make(repository, line):
    qualified_name, hashed, variants, payloads = line.split("\t")
    name, version = qualified_name.split("-")
    sources = payloads.split(":")

    def make_root(variant, root):
        subprocess.check_call(["cp", "-a", sources[variant.index or 0] + "/.", root])

    with make_package(name, repository, make_root=make_root) as package:
        package.version = version
        if variants:
            package.variants = [variant.split(" ") for variant in variants.split(";")]
        if hashed:
            package.hashed_variants = True
    for variant in package.installed_variants:
        print("%s\t%s" % (variant.uri, os.path.realpath(variant.root)))


with open(sys.argv[2]) as specification:
    for each in specification.read().splitlines():
        make(sys.argv[1], each)
