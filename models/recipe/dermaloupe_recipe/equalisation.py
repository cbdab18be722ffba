"""Channels of a network scaled so that an INT8 tensor holds each of them well; in floats the network stays the same.

A tensor has one scale on the NPU. Where a batch norm follows tensors that were joined, the channel with the widest
values leaves few steps to the others, and the batch norm then makes their rounding errors large. So each channel is
multiplied by a factor where it is made, by a convolution or a learnt map, and the batch norm divides by it; and between
a batch norm and a depthwise convolution likewise. The toolkit does neither; the idea is that of Nagel et al.,
'Data-Free Quantization Through Weight Equalization and Bias Correction', ICCV 2019.
"""

import numpy as np
import onnx
from onnx import helper, numpy_helper

from dermaloupe_recipe import data, inference
from dermaloupe_recipe.onnx_graph import fixed_shapes

LEAST_SPAN = 1e-6  # of a channel that is scaled; a dead one stays as it is
PASSING = ("Slice", "Resize", "MaxPool")  # they scale as what they are given
SCALE, SHIFT, MEAN = 1, 2, 3  # the inputs of a batch norm


class Graph:
    """An ONNX graph with the constants that each node has for itself."""

    def __init__(self, content):
        self.model = onnx.load_from_string(content)
        self.nodes = self.model.graph.node
        self.shapes = fixed_shapes(onnx.shape_inference.infer_shapes(self.model).graph)
        self.makers = {output: node for node in self.nodes for output in node.output}
        self.users = {}
        for node in self.nodes:
            for name in node.input:
                self.users.setdefault(name, []).append(node)
        self.constants = {t.name: numpy_helper.to_array(t) for t in self.model.graph.initializer}

    def after(self, node):
        """The only node that uses a node's output, None where there are several or none."""
        users = self.users.get(node.output[0], ())
        return users[0] if len(users) == 1 else None

    def joined(self):
        """The joined tensors that a batch norm alone reads: pairs of nodes."""
        return [(node, after) for node in self.nodes if node.op_type == "Concat" and (after := self.after(node))
                and after.op_type == "BatchNormalization"]

    def norms(self):
        """The batch norms that a depthwise convolution alone reads: pairs of nodes."""
        return [(node, after) for node in self.nodes if node.op_type == "BatchNormalization"
                and (after := self.after(node)) and after.op_type == "Conv" and self.is_depthwise(after)]

    def is_depthwise(self, node):
        groups = next((a.i for a in node.attribute if a.name == "group"), 1)
        return groups > 1 and groups == self.shapes[node.input[0]][1]

    def own(self, node, slot):
        """A node's constant, stored for it alone from now on, as float64: equal ones are stored once."""
        name = node.input[slot]
        if len(self.users[name]) > 1:
            self.users[name].remove(node)
            name = node.input[slot] = f"{name}_{node.output[0]}"
            self.users[name] = [node]
            self.constants[name] = self.constants[name.removesuffix(f"_{node.output[0]}")]
        self.constants[name] = np.array(self.constants[name], np.float64)
        return self.constants[name]

    def map_of(self, node):
        """The place of a learnt map among the two factors of a node, None without one."""
        return next((slot for slot, name in enumerate(node.input)
                     if name in self.constants and self.constants[name].ndim == 4), None)

    def can_scale(self, name):
        """Whether the channels of a tensor can be multiplied where they are made, and nothing else uses them."""
        node, users = self.makers.get(name), self.users.get(name, ())
        if node is None or (len(users) != 1 and any(user.op_type != "Slice" for user in users)):
            return False
        if node.op_type in PASSING:
            return self.can_scale(node.input[0])
        return node.op_type == "Conv" or (node.op_type == "Mul" and self.map_of(node) is not None)

    def scale(self, name, factors, first=0):
        """Multiplies channels of a tensor, from the first on, by factors."""
        node, place = self.makers[name], slice(first, first + len(factors))
        if node.op_type == "Slice":
            self.scale(node.input[0], factors, first + int(self.constants[node.input[1]][0]))
        elif node.op_type in PASSING:
            self.scale(node.input[0], factors, first)
        elif node.op_type == "Conv":
            self.own(node, 1)[place] *= factors.reshape(-1, 1, 1, 1)
            if len(node.input) > 2:
                self.own(node, 2)[place] *= factors
        else:
            self.own(node, self.map_of(node))[:, place] *= factors.reshape(1, -1, 1, 1)

    def content(self):
        """The ONNX file with the constants as they are now."""
        del self.model.graph.initializer[:]
        used = {name for node in self.nodes for name in node.input}
        for name, value in self.constants.items():
            if name in used:
                plain = value.astype(np.float32) if value.dtype == np.float64 else value
                self.model.graph.initializer.append(numpy_helper.from_array(plain, name))
        onnx.checker.check_model(self.model, full_check=True)
        return self.model.SerializeToString(deterministic=True)


def spans_of(content, names, photos):
    """{tensor: the span of the values of each channel over uint8 photographs, 0 within}"""
    model = onnx.load_from_string(content)
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    session = inference.create_session(model.SerializeToString())
    low, high = ({name: 0.0 for name in names} for _ in range(2))
    for photo in photos:
        found = session.run(list(names), {"input": data.normalise(photo[None]).numpy()})
        for name, values in zip(names, found):
            low[name] = np.minimum(low[name], values.min((0, 2, 3)))
            high[name] = np.maximum(high[name], values.max((0, 2, 3)))
    return {name: (high[name] - low[name]).astype(np.float64) for name in names}


def factors_to(goal, spans):
    """What channels of these spans are multiplied by to have the span `goal`."""
    return np.where(spans > LEAST_SPAN, goal / np.maximum(spans, LEAST_SPAN), 1.0)


def equalise_joined(graph, joined, norm, spans):
    """Each channel of joined tensors that can be scaled gets the widest span of those that cannot."""
    places, first = [], 0
    for name in joined.input:
        places.append((name, slice(first, first := first + graph.shapes[name][1]), graph.can_scale(name)))
    goal = max((spans[place].max() for _, place, can_scale in places if not can_scale), default=spans.max())
    factors = np.ones(len(spans))
    for name, place, can_scale in places:
        if can_scale:
            factors[place] = factors_to(goal, spans[place])
            graph.scale(name, factors[place])
    graph.own(norm, SCALE)[:] /= factors
    graph.own(norm, MEAN)[:] *= factors


def equalise_norm(graph, norm, depthwise, spans):
    """All channels of a batch norm before a depthwise convolution get the widest span."""
    factors = factors_to(spans.max(), spans)
    graph.own(norm, SCALE)[:] *= factors
    graph.own(norm, SHIFT)[:] *= factors
    graph.own(depthwise, 1)[:] /= factors.reshape(-1, 1, 1, 1)


def gains(content):
    """Whether a network has channels to equalise."""
    graph = Graph(content)
    return bool(graph.joined() or graph.norms())


def equalised(content, photos):
    """The ONNX file with its channels equalised over uint8 photographs."""
    graph = Graph(content)
    joined, norms = graph.joined(), graph.norms()
    spans = spans_of(content, [node.output[0] for node, _ in joined + norms], photos)
    for node, norm in joined:
        equalise_joined(graph, node, norm, spans[node.output[0]])
    for norm, depthwise in norms:
        equalise_norm(graph, norm, depthwise, spans[norm.output[0]])
    return graph.content()
