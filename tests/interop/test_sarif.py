# SPDX-License-Identifier: Apache-2.0
"""brine scan --sarif holds against the standard's own JSON schema.

The schema's licence does not let us keep it here: $BRINE_SARIF_SCHEMA names a copy, otherwise it is fetched from OASIS.
"""
import hashlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.request

import jsonschema
from program import BRINE

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
DEMO = pathlib.Path(__file__).resolve().parents[2] / "demo" / "models"
FILES = {
    "evil one.pkl": b"cposix\nsystem\n(S'touch PWNED\\x1b[2J'\ntR.",
    "na\u00efve %41.pkl": "\x80\x02X\x08\x00\x00\x00a\u202eb\x1b[m.".encode("latin-1", "replace"),
    "half.z": (DEMO / "clean-linear.joblib.z").read_bytes()[:300],
    "nested.pkl": b"\x80\x04\x43\x1b\x80\x04cposix\nsystem\n(S'id'\ntR..",
    "empty.pkl": b"",
    "several.pkl": b"\x80\x04}.cacme\nForest\n.Pid\n.\x80\x02\x82\x01.",
}


def schema():
    named = os.environ.get("BRINE_SARIF_SCHEMA")
    if named:
        return json.loads(pathlib.Path(named).read_bytes())
    try:
        with urllib.request.urlopen(SCHEMA, timeout=20) as answer:
            return json.loads(answer.read())
    except OSError as e:
        raise unittest.SkipTest(f"the schema is not to be had ({e}); name a copy in BRINE_SARIF_SCHEMA")


class Sarif(unittest.TestCase):
    def test_sarif_validates(self):
        rules = schema()
        with tempfile.TemporaryDirectory() as folder:
            for name, content in FILES.items():
                (pathlib.Path(folder) / name).write_bytes(content)
            models = sorted(str(p) for p in DEMO.iterdir())
            done = subprocess.run([BRINE, "scan", "--sarif", *FILES, "missing.pkl", *models], cwd=folder,
                                  capture_output=True)
        self.assertEqual(done.returncode, 1)
        log = json.loads(done.stdout)
        kind = jsonschema.validators.validator_for(rules)
        errors = [f"{e.json_path}: {e.message}" for e in
                  kind(rules, format_checker=kind.FORMAT_CHECKER).iter_errors(log)]
        self.assertEqual(errors, [])
        run = log["runs"][0]
        self.assertEqual(len(run["artifacts"]), len(FILES) + 1 + len(models))
        digests = {a.get("hashes", {}).get("sha-256") for a in run["artifacts"]}
        for content in FILES.values():
            self.assertIn(hashlib.sha256(content).hexdigest(), digests)
        for result in run["results"]:
            self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
