"""The encoder's bare arithmetic: how many operations it is, how long it takes by itself, and what the machine could do.

Operations of a sentence of n tokens, a product and a sum counted as two: in each of the layers of width d and inner width f, four
square products and the two of the feed-forward part take 2n(4d² + 2df), the attention's own two products 4n²d. Embeddings, norms,
softmax and the heads are left out; they are less than one in a hundred.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scr_tone.encoder import EncoderModel

#: Of the encoder that ships; `tests.benchmarks.peer_models.rebuilt` reads the same from its weights.
LAYERS, WIDTH, INNER = 6, 768, 3072
#: Key of the kernel's name beside the rates.
KERNEL = "numpy's kernel"


def operations(lengths: Iterable[int], *, layers: int = LAYERS, width: int = WIDTH, inner: int = INNER) -> float:
    """Floating-point (or integer) operations for sentences of so many tokens.

    >>> round(operations([25]) / 1e9, 2)
    2.13
    """
    per_token = 2 * (4 * width * width + 2 * width * inner)
    return float(sum(layers * (n * per_token + 4 * n * n * width) for n in lengths))


def alone(model: EncoderModel, texts: Sequence[str]) -> tuple[float, float]:
    """Seconds that the encoder's graph takes for normalised texts, by itself, on the threads that the model has; and operations.

    Tokens are found before, and what comes out is dropped: no pooling, heads, words or report.
    """
    import numpy as np

    _, session = model._started()
    feeds = []
    for ids, _ in model._encode(texts):
        row = np.array([ids], dtype=np.int64)
        feeds.append({"input_ids": row, "attention_mask": np.ones_like(row)})
    with ThreadPoolExecutor(model._threads) as pool:
        began = time.perf_counter()
        for _ in pool.map(lambda feed: session.run(["states"], feed) and None, feeds):
            pass
        spent = time.perf_counter() - began
    return spent, operations(feed["input_ids"].shape[1] for feed in feeds)


def _best(work: Callable[[], object], count: float, seconds: float) -> float:
    """Most operations a second, in thousands of millions, of runs for some seconds."""
    work()
    best, until = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return count / best / 1e9


def ceilings(threads: int, seconds: float = 2.0, size: int = 2048, tokens: int = 25) -> dict[str, float | str]:
    """Rates of large matrix products in thousands of millions of operations a second, and of products as a sentence has them.

    Parameters
    ----------
    threads : int
    seconds : float
        For each.
    size : int
        Of the large square matrices.
    tokens : int
        Rows of the small product, by the encoder's inner width; each thread computes its own, as the encoder does.
    """
    import numpy as np
    import onnxruntime
    import torch
    from onnx import TensorProto, helper
    from threadpoolctl import threadpool_info, threadpool_limits

    draw = np.random.default_rng(0)
    count = 2.0 * size**3
    one, other = (draw.standard_normal((size, size), dtype=np.float32) for _ in range(2))
    found: dict[str, float | str] = {}
    with threadpool_limits(threads):
        found["float32, numpy"] = _best(lambda: one @ other, count, seconds)
        found[KERNEL] = ", ".join(
            f"{each['internal_api']} {each.get('architecture', '')}".strip()
            for each in threadpool_info()
            if each["user_api"] == "blas"
        )
    torch.set_num_threads(threads)
    first, second = torch.from_numpy(one), torch.from_numpy(other)
    found["float32, PyTorch"] = _best(lambda: first @ second, count, seconds)

    def session(kind: str, rows: int, inner: int, columns: int, many: int) -> Callable[[], object]:
        eight = kind == "MatMulInteger"
        types = (TensorProto.UINT8, TensorProto.INT8) if eight else (TensorProto.FLOAT, TensorProto.FLOAT)
        weight = draw.integers(-64, 64, (inner, columns)).astype(np.int8 if eight else np.float32)
        graph = helper.make_graph(
            [helper.make_node(kind, ["a", "b"], ["c"])],
            "product",
            [helper.make_tensor_value_info("a", types[0], [rows, inner])],
            [helper.make_tensor_value_info("c", TensorProto.INT32 if eight else TensorProto.FLOAT, [rows, columns])],
            [helper.make_tensor("b", types[1], weight.shape, weight.tobytes(), raw=True)],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = many
        found_ = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        rows_ = draw.integers(0, 128, (rows, inner)).astype(np.uint8 if eight else np.float32)
        return lambda: found_.run(["c"], {"a": rows_})

    for name, kind in (("float32", "MatMul"), ("int8", "MatMulInteger")):
        found[f"{name}, ONNX Runtime"] = _best(session(kind, size, size, size, threads), count, seconds)
    for name, kind in (("float32", "MatMul"), ("int8", "MatMulInteger")):
        small = session(kind, tokens, WIDTH, INNER, 1)
        with ThreadPoolExecutor(threads) as pool:

            def together(small: Callable[[], object] = small, pool: ThreadPoolExecutor = pool) -> None:
                for _ in pool.map(lambda _: [small() for _ in range(50)], range(threads)):
                    pass

            rate = _best(together, 50 * threads * 2.0 * tokens * WIDTH * INNER, seconds)
        found[f"{name}, ONNX Runtime, {tokens} rows"] = rate
    return found


if __name__ == "__main__":
    print(json.dumps(ceilings(len(os.sched_getaffinity(0)), tokens=int(sys.argv[1]), seconds=float(sys.argv[2]))))
