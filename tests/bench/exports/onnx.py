"""A network as an ONNX model: the protocol buffer, written field by field.

Message and field numbers are those of onnx.proto (onnx.ai); the layers become the operators
Conv, Relu, MaxPool, AveragePool, Flatten and Gemm of operator set 13.
"""

import struct

import numpy as np

IR_VERSION, OPERATOR_SET = 8, 13
FLOAT, INT, INTS = 1, 2, 7  # TensorProto.FLOAT, AttributeProto.INT and INTS


def onnx_model(network):
    """The bytes of a model "x" (1, *input_shape) float32 -> "logits" (1, K), for a network without batch norms."""
    nodes, weights, value = [], [], "x"
    layers = [(layer, shape) for layer, shape in zip(network.layers, network.shapes) if kind(layer) != "Dropout"]
    for index, (layer, shape) in enumerate(layers):
        result = "logits" if index == len(layers) - 1 else f"y{index}"
        names = [f"{name}{index}" for name in layer.parameters]
        weights += [tensor(name, array) for name, array in zip(names, layer.parameters.values())]
        nodes.append(node(operator(layer), [value, *names], result, attributes(layer, shape)))
        value = result
    graph = b"".join(
        [
            *(field(1, each) for each in nodes),
            field(2, "inkling"),
            *(field(5, each) for each in weights),
            field(11, value_info("x", (1, *network.input_shape))),
            field(12, value_info("logits", (1, *network.shapes[-1]))),
        ]
    )
    return field(1, IR_VERSION) + field(2, "inkling") + field(7, graph) + field(8, field(2, OPERATOR_SET))


def kind(layer):
    return type(layer).__name__


def operator(layer):
    names = {
        "Conv2D": "Conv",
        "ReLU": "Relu",
        "MaxPool2D": "MaxPool",
        "AveragePool2D": "AveragePool",
        "Flatten": "Flatten",
        "Dense": "Gemm",
    }
    return names[kind(layer)]


def attributes(layer, shape):
    """{name: int or list of ints} of a layer whose input has this shape."""
    if kind(layer) == "Conv2D":
        from inkling.nn.convolution import padding_amounts

        k, s = layer.kernel_size, layer.stride
        (top, bottom), (left, right) = (padding_amounts(size, k, s, layer.padding) for size in shape[1:])
        return {"kernel_shape": [k, k], "strides": [s, s], "pads": [top, left, bottom, right]}
    if kind(layer) in ("MaxPool2D", "AveragePool2D"):
        return {"kernel_shape": [layer.window] * 2, "strides": [layer.stride] * 2}
    return {"transB": 1} if kind(layer) == "Dense" else {}


def node(name, inputs, output, values):
    inputs = b"".join(field(1, each) for each in inputs)
    return inputs + field(2, output) + field(4, name) + b"".join(field(5, attribute(*item)) for item in values.items())


def attribute(name, value):
    if isinstance(value, int):
        return field(1, name) + field(3, value) + field(20, INT)
    return field(1, name) + b"".join(field(8, each) for each in value) + field(20, INTS)


def tensor(name, array):
    dims = b"".join(field(1, size) for size in array.shape)
    return dims + field(2, FLOAT) + field(8, name) + field(9, np.ascontiguousarray(array, "<f4").tobytes())


def value_info(name, shape):
    dims = b"".join(field(1, field(1, size)) for size in shape)
    return field(1, name) + field(2, field(1, field(1, FLOAT) + field(2, dims)))


def field(number, value):
    """One field: a whole number as a varint (wire type 0), text and bytes with their length (wire type 2)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value):
    groups = b""
    while value > 127:
        groups += struct.pack("B", value & 127 | 128)
        value >>= 7
    return groups + struct.pack("B", value)
