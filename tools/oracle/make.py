# SPDX-License-Identifier: Apache-2.0
"""Makes the golden archives: what each scikit-learn answers.

    python3 tools/oracle/make.py [FAMILY...] [--versions V,V] [--check]

A family is a module under cases/; without names all are made.  Versions are those of environments.json; those that are not
named keep what the archive has.  Writes tests/golden/FAMILY.tar.xz and FAMILY.json and src/estimators/proved/FAMILY.inc; two
runs give the same bytes.  --check writes nothing: it makes the cases again, compares them byte by byte with the archives, and
exits with 1 when one differs.  Needs the Python versions of environments.json (see environments.py) and a network for wheels.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import archive
from environments import ENVIRONMENTS, HERE, environment

FAMILIES = sorted(path.stem for path in (HERE / "cases").glob("*.py") if path.stem != "__init__")


def families_of(version, families):
    """An environment may be there for some families only ("families" in environments.json); those families need such a one."""
    special = {name for pinned in ENVIRONMENTS.values() for name in pinned.get("families", [])}
    wanted = ENVIRONMENTS[version].get("families")
    return [name for name in families if (name in wanted if wanted else name not in special)]


def generate(version, families, scratch):
    """{(family, version, case, file): bytes}, and whether all went well."""
    out = pathlib.Path(scratch) / version
    reader = ENVIRONMENTS[version].get("read by", version)  # what Python 2 writes is answered under Python 3
    done = subprocess.run([environment(reader), "-B", HERE / "generate.py", out, *families],
                          env={**os.environ, "BRINE_WRITER": str(environment(version))})
    files = {}
    for path in out.rglob("*"):
        if path.is_file():
            family, case, name = path.relative_to(out).parts
            files[family, version, case, name] = path.read_bytes()
    return files, done.returncode == 0


def generate_all(versions, families):
    made, well = {}, True
    with tempfile.TemporaryDirectory(prefix="brine-oracle-") as scratch:
        for version in versions:
            mine = families_of(version, families)
            if mine:
                files, ok = generate(version, mine, scratch)
                made.update(files)
                well = well and ok
    return made, well


def of_family(made, family):
    return {key[1:]: data for key, data in made.items() if key[0] == family}


def update(family, versions, fresh):
    """Versions that were made anew replace what the archive has of them; versions that are gone go."""
    kept = {key: data for key, data in archive.read(family).items()
            if key[0] in ENVIRONMENTS and key[0] not in versions and families_of(key[0], [family])}
    cases, size = archive.write(family, {**kept, **fresh})
    print(f"{family}: {cases} cases, {size} bytes", flush=True)


def compare(family, versions, fresh):
    """The number of files that are not what the archive has."""
    have = {key: data for key, data in archive.read(family).items() if key[0] in versions}
    differing = sorted(key for key in have.keys() | fresh.keys() if have.get(key) != fresh.get(key))
    for key in differing:
        print(f"{family}: {'/'.join(key)} differs", flush=True)
    print(f"{family}: {len(fresh)} files made, {len(differing)} differ", flush=True)
    return len(differing)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY")
    parser.add_argument("--versions", type=lambda text: text.split(","), default=list(ENVIRONMENTS))
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    for name in args.families:
        if name not in FAMILIES:
            parser.error(f"no family {name}: {' '.join(FAMILIES)}")
    for version in args.versions:
        if version not in ENVIRONMENTS:
            parser.error(f"no version {version}: {' '.join(ENVIRONMENTS)}")
    return args


def main():
    args = arguments()
    families = args.families or FAMILIES
    made, well = generate_all(args.versions, families)
    if args.check:
        differing = sum([compare(family, args.versions, of_family(made, family)) for family in families])
        sys.exit(differing > 0 or not well)
    if not well:
        sys.exit("make.py: cases failed (see above): nothing was written")
    for family in families:
        update(family, args.versions, of_family(made, family))


if __name__ == "__main__":
    main()
