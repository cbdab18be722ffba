"""The weights of an exported network, read back from its ONNX file, so that it can be trained on without a checkpoint.

Export folds most batch norms into the convolutions before them. Which tensor of the file holds what is found by
exporting a network with random weights and comparing; a folded batch norm then gets the statistics of photographs, and
such factors that it returns what the file's convolution does: the network is the file's, and can be trained.
"""

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from dermaloupe_recipe import data, map_cache, networks, onnx_file
from dermaloupe_recipe.errors import RecipeError
from dermaloupe_recipe.inference import channels_last

STATISTICS_OF = 64  # photographs of train that give a shipped network's norms their statistics
SAME = {"rtol": 1e-4, "atol": 1e-6}


class WeightError(RecipeError):
    """An ONNX file that is not an export of the network."""


def tensors_of(content):
    """{name: tensor} of a file's weights, and the nodes' kinds and inputs, which are the same in every export."""
    graph = onnx.load_from_string(content).graph
    tensors = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    return tensors, [(node.op_type, *node.input) for node in graph.node]


def randomise(network):
    """Gives every tensor of a network values of its own."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
    return network.eval()


def name_of(value, tensors):
    """The name of the tensor with these values, None where there is none."""
    return next((name for name, tensor in tensors.items()
                 if tensor.shape == value.shape and torch.allclose(tensor, value, **SAME)), None)


def folded_into(convolution, norms, tensors):
    """(batch norm, weight's name, bias's name) where one was folded into a convolution, None otherwise."""
    for norm in norms:
        if norm.num_features == convolution.out_channels:
            factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight = name_of(convolution.weight * factor.view(-1, 1, 1, 1), tensors)
            if weight:
                bias = 0 if convolution.bias is None else convolution.bias
                return norm, weight, name_of((bias - norm.running_mean) * factor + norm.bias, tensors)
    return None


def set_statistics(network, folded, photos):
    """Statistics of photographs for the folded batch norms, which return the same as before.

    The mean and variance of what a norm is given, one norm after another; `folded` has the norms.
    """
    def measure(norm, inputs, _):
        x = inputs[0]
        mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        norm.bias += norm.weight / torch.sqrt(norm.running_var + norm.eps) * (mean - norm.running_mean)
        norm.weight *= torch.sqrt(variance + norm.eps) / torch.sqrt(norm.running_var + norm.eps)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    handles = [norm.register_forward_hook(measure) for norm in folded]
    with torch.no_grad():
        network.eval()(channels_last(data.normalise(photos)))
    for handle in handles:
        handle.remove()


def read(name, content, photos):
    """The network of this name with the weights of an ONNX file; uint8 photographs give the folded norms statistics."""
    donor, network = randomise(networks.create(name)), networks.create(name).eval()
    places, nodes = tensors_of(onnx_file.to_onnx(donor))
    values, found_nodes = tensors_of(content)
    if nodes != found_nodes or any(values[key].shape != tensor.shape for key, tensor in places.items()):
        raise WeightError(f"the ONNX file is not an export of '{name}' by this recipe")
    modules, folded, read_norms = dict(network.named_modules()), [], set()
    norms = [module for module in donor.modules() if isinstance(module, nn.BatchNorm2d)]
    donors = {module: key for key, module in donor.named_modules()}
    with torch.no_grad():
        for key, module in donor.named_modules():
            if isinstance(module, nn.Conv2d) and (found := folded_into(module, norms, places)):
                norm, weight, bias = found
                modules[key].weight.copy_(values[weight])
                if modules[key].bias is not None:
                    modules[key].bias.zero_()
                target = modules[donors[norm]]
                target.weight.copy_(torch.sqrt(target.running_var + target.eps))
                target.bias.copy_(values[bias])
                folded.append(target)
                read_norms.update({key, donors[norm]})
        for key, tensor in donor.state_dict().items():
            if tensor.is_floating_point() and key.rpartition(".")[0] not in read_norms:
                place = name_of(tensor, places)
                if place is None:
                    raise WeightError(f"no tensor of the ONNX file holds {key}")
                network.state_dict()[key].copy_(values[place])
    set_statistics(network, folded, photos)
    return network


def read_shipped(zoo, name, root):
    """A network of the folder `zoo` with its weights and the statistics of photographs of train."""
    content, _ = map_cache.load_network(zoo, name)
    return read(name, content, data.load(root, "train", STATISTICS_OF).photos)
