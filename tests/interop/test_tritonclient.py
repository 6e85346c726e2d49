# SPDX-License-Identifier: Apache-2.0
"""Stock tritonclient[http], blocking and asyncio, against brine serve: binary tensors (its default) and JSON."""
import asyncio
import pathlib
import re
import signal
import subprocess
import unittest

import numpy as np
import pandas as pd
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from program import BRINE
from tritonclient.utils import InferenceServerException

DEMO = pathlib.Path(__file__).resolve().parents[2] / "demo"
MODEL = "clean-boosted"
TEXTS = ["carrier", "origin", "dest"]


class Server:
    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [BRINE, "serve", str(DEMO / "models" / f"{MODEL}.joblib"), "--allow-unproved", "--port", "0", *arguments],
            stderr=subprocess.PIPE, text=True)
        self.address = re.search(r"http://([0-9.:]+)/", self.process.stderr.readline()).group(1)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.process.stderr.close()
        return code


def table(rows):
    return pd.read_csv(DEMO / "data" / "test.csv.gz", nrows=rows)


def tensors(frame, features, binary, column=False, module=triton):
    """One tensor a column, as [n] or [n, 1]."""
    shape = [len(frame), 1] if column else [len(frame)]
    inputs = []
    for name in features:
        is_text = name in TEXTS
        values = frame[name].to_numpy(dtype=object if is_text else np.float64).reshape(shape)
        tensor = module.InferInput(name, shape, "BYTES" if is_text else "FP64")
        tensor.set_data_from_numpy(values, binary_data=binary)
        inputs.append(tensor)
    return inputs


class TritonClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = triton.InferenceServerClient(cls.server.address, concurrency=2)
        cls.metadata = cls.client.get_model_metadata(MODEL)
        cls.features = [tensor["name"] for tensor in cls.metadata["inputs"]]
        cls.frame = table(50)
        cls.expected = np.load(DEMO / "recorded" / f"{MODEL}.predict_proba.npy")
        cls.bound = np.load(DEMO / "recorded" / f"{MODEL}.predict_proba.bound.npy")

    @classmethod
    def tearDownClass(cls):
        cls.client.close()
        if cls.server.stop() != 0:
            raise AssertionError("the server did not end with 0")

    def infer(self, frame, binary_in, binary_out, outputs=("predict_proba",), **options):
        wanted = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in outputs]
        return self.client.infer(MODEL, tensors(frame, self.features, binary_in, **options), outputs=wanted)

    def check_recorded(self, probabilities, first=0):
        rows = slice(first, first + len(probabilities))
        difference = np.abs(probabilities - self.expected[rows])
        self.assertTrue((difference <= self.bound[rows]).all(), difference.max())

    def test_health_and_metadata(self):
        self.assertTrue(self.client.is_server_live())
        self.assertTrue(self.client.is_server_ready())
        self.assertTrue(self.client.is_model_ready(MODEL))
        self.assertTrue(self.client.is_model_ready(MODEL, "1"))
        self.assertFalse(self.client.is_model_ready("other"))
        self.assertIn("binary_tensor_data", self.client.get_server_metadata()["extensions"])
        self.assertEqual(self.metadata["platform"], "scikit-learn")
        self.assertIn({"name": "carrier", "datatype": "BYTES", "shape": [-1]}, self.metadata["inputs"])

    def test_every_way_gives_the_recorded_bits(self):
        results = [self.infer(self.frame, i, o, column=c).as_numpy("predict_proba")
                   for i in (True, False) for o in (True, False) for c in (True, False)]
        self.check_recorded(results[0])
        for result in results[1:]:
            np.testing.assert_array_equal(result, results[0])

    def test_a_row_alone_and_in_a_batch(self):
        batch = self.infer(self.frame, True, True).as_numpy("predict_proba")
        for i in (0, 7, 49):
            alone = self.infer(self.frame.iloc[[i]], True, True).as_numpy("predict_proba")
            np.testing.assert_array_equal(alone[0], batch[i])

    def test_defaults(self):
        answer = self.client.infer(MODEL, tensors(self.frame, self.features, True), request_id="mine")
        self.assertEqual(answer.get_response()["id"], "mine")
        labels = answer.as_numpy("predict")
        self.assertEqual(labels.dtype, np.int64)
        np.testing.assert_array_equal(labels, self.expected[:50].argmax(axis=1))

    def test_outputs_in_the_order_asked(self):
        answer = self.infer(self.frame, True, True, ("predict_proba", "predict"))
        self.assertEqual([o["name"] for o in answer.get_response()["outputs"]], ["predict_proba", "predict"])

    def test_numbers_of_other_types(self):
        frame = self.frame.dropna()
        self.assertGreater(len(frame), 0)
        whole = {"sched_minute": ("INT32", np.int32), "weekday": ("UINT8", np.uint8), "distance": ("INT64", np.int64)}
        inputs = [t for t in tensors(frame, self.features, True) if t.name() not in whole]
        for name, (datatype, dtype) in whole.items():
            tensor = triton.InferInput(name, [len(frame)], datatype)
            tensor.set_data_from_numpy(frame[name].to_numpy(dtype=dtype))
            inputs.append(tensor)
        wanted = [triton.InferRequestedOutput("predict_proba")]
        answer = self.client.infer(MODEL, inputs, outputs=wanted).as_numpy("predict_proba")
        np.testing.assert_array_equal(answer, self.infer(frame, True, True).as_numpy("predict_proba"))

    def test_many_rows(self):
        frame = table(8000)
        self.check_recorded(self.infer(frame, True, True).as_numpy("predict_proba"))

    def test_compressed_requests(self):
        expected = self.infer(self.frame, True, True).as_numpy("predict_proba")
        for algorithm in ("gzip", "deflate"):
            for binary in (True, False):
                answer = self.client.infer(MODEL, tensors(self.frame, self.features, binary),
                                           outputs=[triton.InferRequestedOutput("predict_proba")],
                                           request_compression_algorithm=algorithm)
                np.testing.assert_array_equal(answer.as_numpy("predict_proba"), expected)

    def test_errors(self):
        inputs = tensors(self.frame, self.features, True)
        for call, status in [
                (lambda: self.client.infer("other", inputs), "404"),
                (lambda: self.client.infer(MODEL, inputs, model_version="9"), "404"),
                (lambda: self.client.infer(MODEL, inputs[1:]), "400"),
                (lambda: self.client.infer(MODEL, inputs, outputs=[triton.InferRequestedOutput("nothing")]), "400")]:
            with self.assertRaises(InferenceServerException) as caught:
                call()
            self.assertIn(status, str(caught.exception.status()))
        self.assertTrue(self.client.is_server_live())

    def test_asyncio(self):
        async def ask(binary):
            async with triton_aio.InferenceServerClient(self.server.address) as client:
                self.assertTrue(await client.is_model_ready(MODEL))
                wanted = [triton_aio.InferRequestedOutput("predict_proba", binary_data=binary)]
                requests = [client.infer(MODEL, tensors(self.frame, self.features, binary, module=triton_aio),
                                         outputs=wanted) for _ in range(8)]
                return [a.as_numpy("predict_proba") for a in await asyncio.gather(*requests)]
        expected = self.infer(self.frame, True, True).as_numpy("predict_proba")
        for binary in (True, False):
            for answer in asyncio.run(ask(binary)):
                np.testing.assert_array_equal(answer, expected)


class TritonClientUnderContract(unittest.TestCase):
    def test_violation(self):
        server = Server("--contract", str(DEMO / "contract.odcs.yaml"))
        with triton.InferenceServerClient(server.address) as client:
            features = [tensor["name"] for tensor in client.get_model_metadata(MODEL)["inputs"]]
            frame = table(3)
            good = client.infer(MODEL, tensors(frame, features, True))
            self.assertEqual(good.as_numpy("probability").shape, (3,))
            self.assertEqual({d.decode() for d in good.as_numpy("decision")} - {"0", "1"}, set())
            frame.loc[1, "carrier"] = "??"
            with self.assertRaises(InferenceServerException) as caught:
                client.infer(MODEL, tensors(frame, features, True))
            self.assertIn("carrier", caught.exception.message())
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
