"""Checks exported files with ONNX's own checker and its strict shape inference.

python check-onnx.py FILE.onnx ...      (onnx)
Prints, one JSON list: for each its opset, and the shapes of its outputs as inferred.
"""
import json
import sys

import onnx
from onnx import shape_inference

answers = []
for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    onnx.checker.check_model(inferred)
    shapes = {
        value.name: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
        for value in [*inferred.graph.value_info, *inferred.graph.output]
    }
    answers.append({"opset": model.opset_import[0].version, "probabilities": shapes["probabilities"], "known": len(shapes), "nodes": len(model.graph.node)})
print(json.dumps(answers))
