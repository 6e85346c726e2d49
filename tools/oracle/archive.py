# SPDX-License-Identifier: Apache-2.0
"""The goldens of one family: tests/golden/FAMILY.tar.xz, its manifest FAMILY.json, and what they prove.

An archive is read and written as {(version, case, file): bytes}.  Its members VERSION/CASE/FILE are ordered by case, file and
version, so that what several releases answer alike lies side by side and costs its bytes once.
"""
import collections
import hashlib
import io
import json
import lzma
import re
import tarfile
import zlib

from environments import ENVIRONMENTS, ROOT

GOLDEN = ROOT / "tests" / "golden"
PROVED = ROOT / "src" / "estimators" / "proved"
SPREAD = 7  # make check runs about one case in so many


def read(family):
    path = GOLDEN / f"{family}.tar.xz"
    if not path.exists():
        return {}
    with tarfile.open(path) as tar:
        return {tuple(member.name.split("/")): tar.extractfile(member).read() for member in tar if member.isfile()}


def packed(files):
    """A tar.xz that depends on the files' names and bytes alone."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for version, case, name in sorted(files, key=lambda key: (key[1], key[2], key[0])):
            member = tarfile.TarInfo(f"{version}/{case}/{name}")
            member.size, member.mode = len(files[version, case, name]), 0o644
            tar.addfile(member, io.BytesIO(files[version, case, name]))
    return lzma.compress(buffer.getvalue(), format=lzma.FORMAT_XZ, preset=9 | lzma.PRESET_EXTREME)


# ---- the manifest ----

def described(files):
    """Of every case and version: what its case.json says."""
    return {(case, version): json.loads(files[version, case, name].decode("utf-8"))
            for version, case, name in sorted(files) if name == "case.json"}


def spread(cases):
    """The (case, version) that make check runs: a fixed share, and one at least of every class and version."""
    order = sorted(cases, key=lambda key: zlib.crc32("/".join(key).encode()))
    taken, seen = set(), set()
    for case, version in order:
        covers = {(name, version) for name in cases[case, version]["estimators"]}
        if zlib.crc32(f"{case}/{version}".encode()) % SPREAD == 0 or not covers <= seen:
            taken.add((case, version))
            seen |= covers
    return taken


def library(version):
    """"xgboost" of the environment "xgboost-1.7.6", "" of a scikit-learn's."""
    name = version.split("-")[0]
    return "" if name[:1].isdigit() else name


def plain(version):
    """1.7.6 of "xgboost-1.7.6", 0.20.4 of "0.20.4-py27"."""
    return version.split("-")[1 if library(version) else 0]


def release(version):
    """A sort key: 0.22.2.post1 is (0, 22, 2)."""
    return [int(part) for part in re.findall(r"\d+", plain(version))[:3]] + [version]


def rows_of(cases):
    """{case: [{classes, rows, versions, spread}]}: versions that agree on the first two share a row."""
    taken, out = spread(cases), collections.defaultdict(list)
    for case, version in sorted(cases, key=lambda key: (key[0], release(key[1]))):
        said = cases[case, version]
        alike = [row for row in out[case] if (row["estimators"], row["rows"]) == (said["estimators"], said["rows"])]
        if not alike:
            alike = [{"estimators": said["estimators"], "rows": said["rows"], "versions": [], "spread": []}]
            out[case] += alike
        alike[0]["versions"].append(version)
        if (case, version) in taken:
            alike[0]["spread"].append(version)
    return out


def manifest(family, files, archive):
    cases = described(files)
    environments = {version: said["versions"] for (case, version), said in cases.items()}
    return {"family": family, "command": f"python3 tools/oracle/make.py {family}",
            "sha256": hashlib.sha256(archive).hexdigest(), "bytes": len(archive), "seeds": sorted({said["seed"] for said in cases.values()}),
            "environments": environments, "cases": rows_of(cases)}


def text(made):
    """JSON with one line a case and an environment, so that a change shows as one."""
    whole = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
    whole = re.sub(r"\n {3,}| *\n {2,}(?=[\]}])", " ", whole)
    return whole.replace("[ ", "[").replace(" ]", "]").replace("{ ", "{").replace(" }", "}") + "\n"


# ---- proofs ----

def proofs(made):
    """Rows for the table of what is proved: sorted as text they are sorted by class and release.  The environment of a
    library proves that library's classes ("xgboost.XGBClassifier"), for what its files can say of their writer ("proves")."""
    rows = {}
    for case in made["cases"].values():
        for row in case:
            for version in sorted(row["versions"], key=release):
                major, minor = release(made["environments"][version].get("proves", version))[:2]
                for name in row["estimators"]:
                    if name.rpartition(".")[0] in ENVIRONMENTS[version].get("libraries", [library(version)]):
                        rows[name, major * 100 + minor] = plain(version)
    return sorted(f'X("{name}", {number:4d}, "{version}")\n' for (name, number), version in rows.items())


def write(family, files):
    """The archive, the manifest and the proofs of one family."""
    archive = packed(files)
    made = manifest(family, files, archive)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    PROVED.mkdir(parents=True, exist_ok=True)
    (GOLDEN / f"{family}.tar.xz").write_bytes(archive)
    (GOLDEN / f"{family}.json").write_text(text(made), encoding="utf-8")
    header = (f"/* SPDX-License-Identifier: Apache-2.0 */\n"
              f"/* Made by tools/oracle/make.py from tests/golden/{family}.json: do not edit. */\n")
    (PROVED / f"{family}.inc").write_text(header + "".join(proofs(made)))
    return len(made["cases"]), len(archive)
