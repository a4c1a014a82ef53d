"""A network as a TensorFlow.js graph model, as its converter would make one: bias and ReLU fused into the products.

Maps are channels last there, so kernels and the first dense layer's columns change their order.
"""

import base64
import math

import numpy as np


def tfjs_model(network):
    """(model.json as a dict, bytes of weights.bin) of a model "x" (1, H, W, C) float32 -> "logits" (1, K)."""
    channels, height, width = network.input_shape
    graph = [
        {"name": "x", "op": "Placeholder", "attr": {"dtype": FLOAT, "shape": tensor_shape((1, height, width, channels))}}
    ]
    weights, value, maps = {}, "x", None
    layers = [layer for layer in network.layers if type(layer).__name__ != "Dropout"]
    shapes = dict(zip(map(id, network.layers), network.shapes))
    for index, layer in enumerate(layers):
        kind = type(layer).__name__
        follower = type(layers[index + 1]).__name__ if index + 1 < len(layers) else ""
        name, inputs, attributes = f"y{index}", [value], {"T": FLOAT}
        if kind == "ReLU":
            continue  # fused into the layer before
        if kind in ("Conv2D", "Dense"):
            weight = layer.parameters["weight"]
            if kind == "Conv2D":
                weight = weight.transpose(2, 3, 1, 0)  # (rows, columns, in, out)
                attributes |= {
                    "strides": ints([1, layer.stride, layer.stride, 1]),
                    "dilations": ints([1, 1, 1, 1]),
                    "padding": text(layer.padding.upper()),
                    "data_format": text("NHWC"),
                }
            else:
                if maps:
                    weight = weight.reshape(-1, *maps).transpose(0, 2, 3, 1).reshape(len(weight), math.prod(maps))
                    maps = None
                weight = weight.T
                attributes |= {"transpose_a": {"b": False}, "transpose_b": {"b": False}}
            fused = ["BiasAdd", "Relu"] if follower == "ReLU" else ["BiasAdd"]
            attributes |= {"fused_ops": {"list": {"s": [text(each)["s"] for each in fused]}}, "num_args": {"i": "1"}}
            for role, array in (("weight", weight), ("bias", layer.parameters["bias"])):
                weights[f"{name}/{role}"] = array
                inputs.append(f"{name}/{role}")
        if kind in ("MaxPool2D", "AveragePool2D"):
            attributes |= {
                "ksize": ints([1, layer.window, layer.window, 1]),
                "strides": ints([1, layer.stride, layer.stride, 1]),
                "padding": text("VALID"),
                "data_format": text("NHWC"),
            }
        if kind == "Flatten":
            maps = shapes[id(layer)]
            weights[f"{name}/shape"] = np.array([1, math.prod(maps)], np.int32)
            inputs.append(f"{name}/shape")
        if index == len(layers) - 1:
            name = "logits"
        graph.append({"name": name, "op": OPERATORS[kind], "input": inputs, "attr": attributes})
        value = name
    constants = [
        {
            "name": name,
            "op": "Const",
            "attr": {
                "dtype": type_of(array),
                "value": {"tensor": {"dtype": type_of(array)["type"], "tensorShape": tensor_shape(array.shape)["shape"]}},
            },
        }
        for name, array in weights.items()
    ]
    manifest = [{"name": name, "shape": list(array.shape), "dtype": array.dtype.name} for name, array in weights.items()]
    model = {
        "format": "graph-model",
        "generatedBy": "inkling",
        "convertedBy": None,
        "modelTopology": {"node": [*constants, *graph], "versions": {"producer": 1}},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": manifest}],
    }
    return model, b"".join(np.ascontiguousarray(array).tobytes() for array in weights.values())


OPERATORS = {
    "Conv2D": "_FusedConv2D",
    "Dense": "_FusedMatMul",
    "MaxPool2D": "MaxPool",
    "AveragePool2D": "AvgPool",
    "Flatten": "Reshape",
}
FLOAT = {"type": "DT_FLOAT"}


def type_of(array):
    return {"type": {"float32": "DT_FLOAT", "int32": "DT_INT32"}[array.dtype.name]}


def text(value):
    """Texts of attributes are bytes in base64."""
    return {"s": base64.b64encode(value.encode()).decode()}


def ints(values):
    return {"list": {"i": [str(value) for value in values]}}


def tensor_shape(sizes):
    return {"shape": {"dim": [{"size": str(size)} for size in sizes]}}
